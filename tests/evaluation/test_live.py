from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from assistant.domain.evidence import Evidence
from assistant.engine import Assistant
from assistant.evaluation.benches.parts import Record
from assistant.evaluation.live import parts_of, rules_support
from tests.evaluation.subjects import evidence


@dataclass
class Shelf:
    """Stands in for an assistant: finds every passage of every record it was given, in order."""

    folder: Path
    log: list[str]
    read: list[str] = field(default_factory=list)
    ready: bool = False

    def ingest(self, paths: Sequence[Path]) -> None:
        self.log.append("read in")
        self.read = paths[0].read_text(encoding="utf-8").splitlines()
        self.ready = True

    def search(self, query: str, *, k: int) -> tuple[Evidence, ...]:
        crowded = ["a"] * 6 + ["b", "c"]
        return tuple(evidence(key, "words", rank=n) for n, key in enumerate(crowded[:k], start=1))

    def close(self) -> None:
        self.log.append("closed")

    @property
    def workings(self) -> Any:
        from types import SimpleNamespace

        from assistant.domain.framework import Catalogue

        return SimpleNamespace(catalogue=Catalogue())


def test_a_search_goes_deeper_when_one_record_crowds_the_first_places(tmp_path: Path) -> None:
    log: list[str] = []
    shelf = cast(Assistant, Shelf(tmp_path, log))
    parts = parts_of(shelf, build=lambda folder: cast(Assistant, Shelf(folder, log)), work=tmp_path)
    assert parts.search_in is not None
    search = parts.search_in([Record("a", "t", "x"), Record("b", "t", "y"), Record("c", "t", "z")])
    assert list(search("q", 3)) == ["a", "b", "c"]
    assert list(search("q", 1)) == ["a"]


def test_only_the_last_collection_stays_open(tmp_path: Path) -> None:
    log: list[str] = []
    shelf = cast(Assistant, Shelf(tmp_path, log))
    parts = parts_of(shelf, build=lambda folder: cast(Assistant, Shelf(folder, log)), work=tmp_path)
    assert parts.search_in is not None
    parts.search_in([Record("a", "t", "x")])
    parts.search_in([Record("b", "t", "y")])
    assert log == ["read in", "closed", "read in"]


def test_the_rewriting_of_the_assistant_is_used_with_its_topic(tmp_path: Path) -> None:
    parts = parts_of(
        cast(Assistant, Shelf(tmp_path, [])), build=lambda folder: cast(Assistant, None), work=tmp_path
    )
    assert parts.rewrite is not None
    assert parts.rewrite("What is twinning?", []) == "What is twinning?"
    rewritten = parts.rewrite(
        "Where did he live?", [("topic", "Johann Bach"), ("user", "Who was Johann Bach?")]
    )
    assert "Bach" in rewritten


def test_the_rules_of_the_assistant_see_a_changed_number() -> None:
    assert rules_support("Scores rose by 5% in 9 trusts.", "Scores rose by 5% in 9 trusts.")
    assert not rules_support("Scores rose by 5% in 9 trusts.", "Scores rose by 7% in 9 trusts.")
