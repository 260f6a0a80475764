"""Finds files below a folder and reads their text. Follows no link out of it and opens nothing hidden."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from assistant.errors import InputError, TooLargeError

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_MAGIC = (
    b"%PDF",
    b"PK\x03\x04",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"\xd0\xcf\x11\xe0",
    b"\x7fELF",
)


def files_below(folder: Path) -> Iterator[Path]:
    """Every file below a folder in the order of relative paths; hidden ones and links out of it left out."""
    return (path for path in _walk(folder) if _stays_inside(path, folder))


def links_out(folder: Path) -> Iterator[Path]:
    """Every link below a folder that leads out of it, in the order of relative paths."""
    return (path for path in _walk(folder) if not _stays_inside(path, folder))


def _walk(folder: Path) -> list[Path]:
    found = []
    for place, folders, names in os.walk(folder):
        linked = [name for name in folders if Path(place, name).is_symlink()]
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(place, name) for name in (*names, *linked) if not name.startswith(".")]
    return sorted(found, key=lambda path: path.relative_to(folder).as_posix())


def _stays_inside(path: Path, folder: Path) -> bool:
    return not path.is_symlink() or (path.is_file() and path.resolve().is_relative_to(folder.resolve()))


def read_bytes(path: Path, *, max_bytes: int) -> bytes:
    """The bytes of a regular file. Raises InputError if it cannot be read, TooLargeError if too large."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise InputError("This is not a regular file.")
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)
    except OSError as error:
        raise InputError(f"The file cannot be read ({error.strerror}).") from None
    if len(data) > max_bytes:
        raise TooLargeError(f"The file is over the limit of {max_bytes / 1e6:g} MB; split it.")
    return data


def decode(data: bytes) -> str:
    """The text of UTF-8 bytes, without a byte order mark. Raises InputError for anything else."""
    if data.startswith(_UTF16):
        raise InputError("The file is UTF-16, not UTF-8; save it again as UTF-8.")
    if data.startswith(_MAGIC) or b"\0" in data[:8192]:
        raise InputError("The file is binary, not text.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(f"The file is not UTF-8 (line {line}); save it again as UTF-8.") from None
