"""Whatever happens to the caches, the first answer is right and they are mended without anyone's help."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import numpy as np
import pytest

from assistant.index import build
from assistant.index.index import Index
from assistant.index.library import Library
from assistant.index.search import Hit
from assistant.index.version import live_version, relative_files
from tests.index.conftest import Shelf

ASKED = ("hospital trust in a vendor", "peer training for nurses")


def _hits(shelf: Shelf, index: Index) -> list[list[Hit]]:
    vectors = shelf.embedder.encode(ASKED)
    return [
        *(index.vector_hits(vector, k=10) for vector in vectors),
        *(index.keyword_hits(text, field="aid", k=10) for text in ASKED),
    ]


def _live(library: Library) -> Path:
    live = live_version(library.folder)
    assert live is not None
    return live[0]


@pytest.fixture
def expected(shelf: Shelf) -> list[list[Hit]]:
    index = shelf.open()
    assert not index.degraded
    try:
        return _hits(shelf, index)
    finally:
        index.close()


def _flip(path: Path, chance: random.Random) -> None:
    raw = bytearray(path.read_bytes())
    raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
    path.write_bytes(raw)


def _cut(path: Path, chance: random.Random) -> None:
    raw = path.read_bytes()
    path.write_bytes(raw[: chance.randrange(len(raw))])


def _remove(path: Path, chance: random.Random) -> None:
    path.unlink()


@pytest.mark.parametrize("harm", [_flip, _cut, _remove])
def test_every_harmed_file_is_noticed_answered_without_and_mended(
    shelf: Shelf, expected: list[list[Hit]], harm: object
) -> None:
    chance = random.Random(7)
    index_folder = shelf.library.folder / "index"
    keep = index_folder.with_name("kept")
    shutil.copytree(index_folder, keep)
    names = [name for name in relative_files(keep) if (keep / name).stat().st_size]
    assert len(names) > 12
    for name in names:
        shutil.rmtree(index_folder)
        shutil.copytree(keep, index_folder)
        harm(index_folder / name, chance)  # type: ignore[operator]
        beside = shelf.open("never")
        assert beside.degraded, name
        assert beside.faults, name
        assert _hits(shelf, beside) == expected, name
        beside.close()
    mended = shelf.open("now")
    assert not mended.degraded
    assert _hits(shelf, mended) == expected
    mended.close()


def test_an_added_file_is_noticed(shelf: Shelf) -> None:
    (_live(shelf.library) / "keywords" / "stranger.npy").write_bytes(b"?")
    index = shelf.open("never")
    assert index.faults == ("the file keywords/stranger.npy is damaged",)
    index.close()


def test_a_known_question_that_finds_something_else_is_noticed(
    shelf: Shelf, expected: list[list[Hit]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build.ChromaCandidates, "nearest", lambda self, kind, query, n: np.arange(1))
    index = shelf.open("never")
    assert index.faults == ("a known question finds something else than it should",)
    assert _hits(shelf, index) == expected
    index.close()


def test_a_rebuild_in_the_background_swaps_in_while_answers_go_on(
    shelf: Shelf, expected: list[list[Hit]]
) -> None:
    shutil.rmtree(_live(shelf.library))
    index = shelf.open("background")
    assert _hits(shelf, index) == expected
    before = index.fingerprint
    assert index.wait(60)
    assert not index.degraded
    assert index.fingerprint == before
    assert _hits(shelf, index) == expected
    index.close()


def test_a_reader_answers_from_memory_and_leaves_the_mending_to_the_owner(
    shelf: Shelf, expected: list[list[Hit]]
) -> None:
    shutil.rmtree(_live(shelf.library))
    with Library.open(shelf.library.folder, read_only=True) as reading:
        index = Shelf(reading, shelf.embedder).open("now")
        assert index.degraded
        assert _hits(shelf, index) == expected
        index.close()
    assert live_version(shelf.library.folder) is None


def test_a_rebuild_that_cannot_write_still_answers_and_says_why(
    shelf: Shelf, expected: list[list[Hit]]
) -> None:
    shutil.rmtree(shelf.library.folder / "index")
    (shelf.library.folder / "index").write_text("in the way")
    index = shelf.open("background")
    assert index.wait(60)
    assert index.degraded
    assert any("could not be written" in fault for fault in index.faults)
    assert _hits(shelf, index) == expected
    index.close()


def test_an_unfinished_version_beside_the_live_one_is_ignored_and_cleared(shelf: Shelf) -> None:
    torn = shelf.library.folder / "index" / "v-torn"
    torn.mkdir()
    (torn / "vectors.npy").write_bytes(b"half")
    index = shelf.open()
    assert not index.degraded
    index.close()
    shutil.rmtree(_live(shelf.library))
    shelf.open("now").close()
    assert not torn.exists()
