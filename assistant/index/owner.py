"""One process owns a data folder and may write to it; the operating system frees the lock when it ends.

Who owns it is written beside the lock for people to read; the lock itself decides.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from filelock import FileLock, Timeout

from assistant.errors import OwnershipError, StorageError

_LOCK = "owner.lock"
_CARD = "owner.json"


@dataclass(frozen=True, slots=True)
class OwnerCard:
    """Who owns a data folder: process id, start in UTC (ISO 8601) and the command."""

    pid: int
    since: str
    command: str


class Owner:
    """The lock on a data folder, held until `release`. Use `own` to get one."""

    def __init__(self, folder: Path, lock: FileLock) -> None:
        self._folder = folder
        self._lock = lock

    def release(self) -> None:
        """Give the folder free. Doing it twice does no harm."""
        if self._lock.is_locked:
            (self._folder / _CARD).unlink(missing_ok=True)
            self._lock.release()

    def __enter__(self) -> Owner:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def own(folder: Path) -> Owner:
    """The lock on `folder`, which is made if need be.

    Raises OwnershipError, saying who owns it, if another process (or another part of this one) does.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / _LOCK, timeout=0, thread_local=False)
        lock.acquire()
    except Timeout:
        raise _owned(folder) from None
    except (OSError, NotImplementedError) as error:
        raise StorageError(
            f"The data folder cannot be written: {error.strerror if isinstance(error, OSError) else error}.",
            hint="Choose a folder on a local disk that you may write to, with --data-dir.",
        ) from error
    _write_card(folder)
    return Owner(folder, lock)


def owner_of(folder: Path) -> OwnerCard | None:
    """Who owns `folder` now, as far as the card tells; None if it is free."""
    if not (folder / _LOCK).exists():
        return None
    lock = FileLock(folder / _LOCK, timeout=0, thread_local=False)
    try:
        with lock:
            return None
    except Timeout:
        return _read_card(folder) or OwnerCard(pid=0, since="", command="")


def _owned(folder: Path) -> OwnershipError:
    card = _read_card(folder)
    who = f"process {card.pid} ({card.command}) since {card.since}" if card else "another process"
    return OwnershipError(
        f"The data folder is in use by {who}.",
        hint="Stop that process, wait until it has finished, or choose another folder with --data-dir.",
    )


def _write_card(folder: Path) -> None:
    command = " ".join([Path(sys.argv[0]).name, *sys.argv[1:2]]).strip() or "python"
    card = {
        "pid": os.getpid(),
        "since": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": command,
    }
    fresh = folder / f"{_CARD}.new"
    fresh.write_text(json.dumps(card), encoding="utf-8")
    os.replace(fresh, folder / _CARD)


def _read_card(folder: Path) -> OwnerCard | None:
    try:
        card = json.loads((folder / _CARD).read_text(encoding="utf-8"))
        return OwnerCard(int(card["pid"]), str(card["since"]), str(card["command"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
