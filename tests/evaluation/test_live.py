from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from assistant.assembly import build as opened
from assistant.domain.evidence import Evidence
from assistant.engine import Assistant
from assistant.evaluation.benches.parts import Record
from assistant.evaluation.live import parts_of, rules_support
from assistant.evaluation.shelf import Shelf as Collections
from assistant.settings import load_settings
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
    def library(self) -> Any:
        from types import SimpleNamespace

        return SimpleNamespace(folder=self.folder)

    @property
    def workings(self) -> Any:
        from types import SimpleNamespace

        from assistant.domain.framework import Catalogue

        return SimpleNamespace(catalogue=Catalogue())


def test_a_search_goes_deeper_when_one_record_crowds_the_first_places(tmp_path: Path) -> None:
    log: list[str] = []
    shelf = cast(Assistant, Shelf(tmp_path, log))
    parts = parts_of(shelf, Collections(lambda folder: cast(Assistant, Shelf(folder, log)), tmp_path))
    assert parts.search_in is not None
    search = parts.search_in([Record("a", "t", "x"), Record("b", "t", "y"), Record("c", "t", "z")])
    assert list(search("q", 3)) == ["a", "b", "c"]
    assert list(search("q", 1)) == ["a"]


def test_only_the_last_collection_stays_open(tmp_path: Path) -> None:
    log: list[str] = []
    shelf = cast(Assistant, Shelf(tmp_path, log))
    parts = parts_of(shelf, Collections(lambda folder: cast(Assistant, Shelf(folder, log)), tmp_path))
    assert parts.search_in is not None
    parts.search_in([Record("a", "t", "x")])
    parts.search_in([Record("b", "t", "y")])
    parts.search_in([Record("b", "t", "y")])
    assert log == ["read in", "closed", "read in"]


def test_the_rewriting_of_the_assistant_is_used_with_its_topic(tmp_path: Path) -> None:
    nothing = Collections(lambda folder: cast(Assistant, None), tmp_path)
    parts = parts_of(cast(Assistant, Shelf(tmp_path, [])), nothing)
    assert parts.rewrite is not None
    assert parts.rewrite("What is twinning?", []) == "What is twinning?"
    rewritten = parts.rewrite(
        "Where did he live?", [("topic", "Johann Bach"), ("user", "Who was Johann Bach?")]
    )
    assert "Bach" in rewritten


def test_the_rules_of_the_assistant_see_a_changed_number() -> None:
    assert rules_support("Scores rose by 5% in 9 trusts.", "Scores rose by 5% in 9 trusts.")
    assert not rules_support("Scores rose by 5% in 9 trusts.", "Scores rose by 7% in 9 trusts.")


def test_turns_are_found_by_their_number_within_their_talk_or_in_all(
    small: Assistant, tmp_path: Path
) -> None:
    def build_here(folder: Path) -> Assistant:
        return opened(load_settings(data_dir=folder))

    collections = Collections(build_here, tmp_path)
    talks = {
        "budget-day": [
            ("Ann", "Good morning to you all."),
            ("Bob", "   "),
            ("Cid", "The budget for the wards is nine thousand pounds."),
            ("Ann", "Thank you."),
        ],
        "rota-day": [("Dee", "The night rota has gaps."), ("Eve", "Nurses asked for a budget for the rota.")],
    }
    search = collections.talks_in(talks)
    assert search("What is the budget for the wards?", "budget-day", 1) == [("budget-day", 2)]
    assert {talk for talk, _ in search("budget", "rota-day", 9)} == {"rota-day"}
    assert {talk for talk, _ in search("budget", None, 9)} == {"budget-day", "rota-day"}
    collections.close()


def test_a_collection_takes_over_vectors_of_texts_that_another_has(small: Assistant, tmp_path: Path) -> None:
    encoded: list[str] = []

    def build_here(folder: Path) -> Assistant:
        made = opened(load_settings(data_dir=folder))
        encode = made.embedder.encode

        def noted(texts: Sequence[str], **more: Any) -> Any:
            encoded.extend(texts)
            return encode(texts, **more)

        made.embedder.encode = noted  # type: ignore[method-assign]
        return made

    collections = Collections(build_here, tmp_path)
    one, two = Record("1", "", "Peers visit one another."), Record("2", "", "The vendor trains nurses.")
    collections.search_in([one])
    collections.search_in([one, two])
    collections.close()
    assert sorted(encoded) == [one.text, two.text]
