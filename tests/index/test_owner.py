"""One process owns a data folder; the others are told who it is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.errors import OwnershipError, StorageError
from assistant.index.library import Library
from assistant.index.owner import own, owner_of

_HOLD = """
import sys
from pathlib import Path
from assistant.index.owner import own
kept = own(Path(sys.argv[1]))
print("owned", flush=True)
sys.stdin.read()
"""
_TRY = """
import sys, time
from pathlib import Path
from assistant.errors import OwnershipError
from assistant.index.library import Library
try:
    with Library.open(Path(sys.argv[1])) as library:
        print("owner", flush=True)
        sys.stdin.readline()
        assert library.quick_check() == ()
except OwnershipError:
    print("told", flush=True)
    with Library.open(Path(sys.argv[1]), read_only=True) as library:
        assert library.quick_check() == ()
"""


def _start(code: str, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def test_a_second_owner_is_told_process_command_and_cure(tmp_path: Path) -> None:
    with _start(_HOLD, tmp_path) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "owned\n"
        with pytest.raises(
            OwnershipError, match=rf"process {holder.pid} .* since 20\d\d-.*Stop that process"
        ):
            own(tmp_path)
        card = owner_of(tmp_path)
        assert card is not None
        assert card.pid == holder.pid
        holder.kill()


def test_a_killed_owner_leaves_the_folder_free(tmp_path: Path) -> None:
    with _start(_HOLD, tmp_path) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        holder.kill()
    assert owner_of(tmp_path) is None
    with own(tmp_path):
        card = owner_of(tmp_path)
        assert card is not None
        assert card.pid == os.getpid()
    assert owner_of(tmp_path) is None


def test_the_same_process_cannot_own_a_folder_twice(tmp_path: Path) -> None:
    with own(tmp_path), pytest.raises(OwnershipError, match=f"process {os.getpid()}"):
        own(tmp_path)


def test_of_three_starters_exactly_one_becomes_owner(tmp_path: Path) -> None:
    Library.open(tmp_path).close()
    for _ in range(3):
        starters = [_start(_TRY, tmp_path) for _ in range(3)]
        said = [process.stdout.readline().strip() for process in starters if process.stdout]
        for process in starters:
            process.communicate("go\n")
        assert sorted(said) == ["owner", "told", "told"]
        assert [process.returncode for process in starters] == [0, 0, 0]


def test_a_folder_that_cannot_be_made_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="--data-dir"):
        own(tmp_path / "file" / "data")
