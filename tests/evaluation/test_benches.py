from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from assistant.errors import CorpusError, InputError
from assistant.evaluation.benches import BENCHES, NAMES, measure_all, table
from assistant.evaluation.benches.baseline import PLAIN, bm25_in, shared_words
from assistant.evaluation.benches.domain import load_domain
from assistant.evaluation.benches.parts import (
    Parts,
    Record,
    Talks,
    TalkSearch,
    balanced_accuracy,
    rank_area,
)
from assistant.evaluation.benches.qmsum import windows
from assistant.evaluation.benches.ragchecker_pairs import same_sign

NOTHING = Parts(name="nothing")


def lines(path: Path, records: Sequence[dict[str, object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(record) + "\n" for record in records)
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_text(text, encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Tiny sets in the form of the real ones."""
    turns = [{"speaker": "A", "text": "word " * 100}, {"speaker": "B", "text": "the budget is nine " * 30}]
    lines(
        tmp_path / "qmsum/meetings.jsonl.gz",
        [{"id": "m", "turns": [*turns, {"speaker": "A", "text": "bye"}]}],
    )
    query = {"id": "1", "meeting_id": "m", "query": "what budget", "spans": [[1, 1]]}
    lines(tmp_path / "qmsum/queries.jsonl", [query, {**query, "id": "2", "spans": []}])
    docs = [
        {"id": 7, "title": "Salt", "sentences": ["Salt raises pressure."]},
        {"id": 8, "title": "Tea", "sentences": ["Tea is green."]},
    ]
    lines(tmp_path / "scifact/corpus.jsonl.gz", docs)
    claim = {"id": 1, "claim": "salt raises pressure", "cited_doc_ids": [7], "verdict": "support"}
    other = {"id": 2, "claim": "moonlight heals", "cited_doc_ids": [8], "verdict": "not_enough_info"}
    lines(tmp_path / "scifact/claims.jsonl", [claim, other])
    paragraphs = [{"id": "p", "title": "t", "text": "Salt raises pressure."}]
    lines(tmp_path / "squad2/paragraphs.jsonl.gz", paragraphs)
    asked = [
        {"id": "a", "paragraph_id": "p", "question": "does salt raise pressure", "answerable": True},
        {"id": "b", "paragraph_id": "p", "question": "who found moonlight", "answerable": False},
    ]
    lines(tmp_path / "squad2/questions.jsonl.gz", asked)
    lines(
        tmp_path / "canard/rewrites.jsonl.gz",
        [
            {
                "id": "c1",
                "dialogue_id": "d",
                "topic": ["Bach", "Life"],
                "history": ["Who was Bach?", "A composer."],
                "question": "Where did he live?",
                "rewrite": "Where did Bach live?",
            }
        ],
    )
    lines(tmp_path / "canard/two_rewrites.jsonl", [{"id": "c1", "rewrite_a": "a b", "rewrite_b": "a b"}])
    return tmp_path


def test_every_named_set_has_a_measure() -> None:
    assert list(BENCHES) == list(NAMES)
    for name in NAMES:
        assert callable(BENCHES.load(name))


def test_an_absent_set_is_skipped_with_a_message(folder: Path) -> None:
    found = {m.bench: m for m in measure_all(folder, PLAIN)}
    assert found["clapnq"].rows == ()
    assert found["clapnq"].skipped == (f"the set is not in {folder.name}/",)
    assert "- clapnq: skipped" in table(found.values())
    with pytest.raises(InputError, match="no folder"):
        list(measure_all(folder / "nowhere", PLAIN))


def test_a_part_that_is_not_offered_gives_no_row_and_never_a_zero(folder: Path) -> None:
    for found in measure_all(folder, NOTHING, names=["qmsum", "scifact", "squad2", "canard"]):
        assert found.rows == ()
        assert found.skipped


def test_the_plain_parts_find_what_stands_in_the_words(folder: Path) -> None:
    rows = {(r.bench, r.measure): r.found for m in measure_all(folder, PLAIN) for r in m.rows}
    assert rows["qmsum", "nDCG@10"].value == 1.0
    assert rows["qmsum", "nDCG@10"].n == 1
    assert rows["qmsum", "gold turns in the first 5 windows"].value == 1.0
    assert rows["scifact", "recall@10"].value == 0.5
    assert rows["scifact", "support against the rest: AUROC"].value == 1.0
    assert rows["squad2", "AUROC of answerable"].value == 1.0
    assert rows["canard", "token F1"].value == 0.75
    assert rows["canard", "recall of the words people added"].value == 0.0
    assert rows["canard", "harm on turns that need no change"].value is None
    assert rows["canard", "token F1, two people"].value == 1.0


def test_a_rewrite_sees_topic_and_history(folder: Path) -> None:
    seen: list[object] = []

    def rewrite(question: str, turns: Sequence[tuple[str, str]]) -> str:
        seen.append(tuple(turns))
        return "Where did Bach live?"

    (found,) = measure_all(folder, Parts(name="x", rewrite=rewrite), names=["canard"])
    assert found.rows[0].found.value == 1.0
    assert seen == [
        (("topic", "Bach"), ("topic", "Life"), ("user", "Who was Bach?"), ("assistant", "A composer."))
    ]


def test_meetings_are_cut_at_turns_and_no_turn_is_lost() -> None:
    turns = [{"speaker": "A", "text": "w " * n} for n in (100, 80, 1, 400, 5)]
    cut = windows(turns)
    assert [(w.first, w.last) for w in cut] == [(0, 1), (2, 2), (3, 3), (4, 4)]
    assert windows([]) == ()


def test_the_areas_and_accuracies_agree_with_scikit_learn() -> None:
    import numpy as np
    from sklearn.metrics import balanced_accuracy_score, roc_auc_score

    rng = np.random.default_rng(1)
    actual, sure = rng.random(200) < 0.3, np.round(rng.random(200), 1)
    assert rank_area(actual, sure) == pytest.approx(roc_auc_score(actual, sure))
    assert balanced_accuracy(actual, sure > 0.5) == pytest.approx(balanced_accuracy_score(actual, sure > 0.5))
    assert rank_area(actual & False, sure) is None
    assert balanced_accuracy(actual | True, sure > 0.5) is None


def test_a_tie_among_people_does_not_count_and_a_tie_of_the_score_is_wrong() -> None:
    assert not same_sign(0.4, 0).applies
    assert same_sign(0.0, 1.5).value == 0.0
    assert same_sign(-2.0, -0.5).value == 1.0


def test_a_search_for_words_nobody_wrote_finds_nothing() -> None:
    search = bm25_in([Record("a", "", "salt raises pressure"), Record("b", "", "tea")])
    assert list(search("salts", 5)) == ["a"]
    assert list(search("zebra", 5)) == []
    assert list(search("the of", 5)) == []
    assert shared_words("the", "x") == 0.0


def test_domain_records_are_joined_with_their_labels(tmp_path: Path) -> None:
    lines(
        tmp_path / "questions.jsonl",
        [{"id": "q", "role": "cio", "question": "why?", "kind": "why", "notes": ""}],
    )
    lines(tmp_path / "qrels.jsonl", [{"id": "q", "relevant": {"a-f01": 2}}])
    for name in ("unanswerable", "vignettes", "vignette_labels", "dialogues", "dialogue_qrels"):
        lines(tmp_path / f"{name}.jsonl", [])
    assert load_domain(tmp_path).questions[0].relevant == {"a-f01": 2}
    lines(tmp_path / "qrels.jsonl", [])
    with pytest.raises(CorpusError, match=r"questions\.jsonl line 1: 'q' has no label in qrels\.jsonl"):
        load_domain(tmp_path)


def test_a_search_of_turns_is_judged_by_the_windows_they_lie_in(folder: Path) -> None:
    asked: list[tuple[str, str | None]] = []

    def talks_in(talks: Talks) -> TalkSearch:
        def search(query: str, talk: str | None, k: int) -> list[tuple[str, int]]:
            asked.append((query, talk))
            return [("m", 2), ("m", 1), ("m", 0)]

        assert [speaker for speaker, _ in talks["m"]] == ["A", "B", "A"]
        return search

    (found,) = measure_all(folder, Parts(name="turns", talks_in=talks_in), names=["qmsum"])
    values = {row.measure: row.found.value for row in found.rows}
    # Turns 1 and 2 make up the second window, which holds the labelled turn: it stands first.
    assert values["nDCG@10"] == 1.0
    assert values["gold turns in the first 5 windows"] == 1.0
    assert values["nDCG@10, over all meetings"] == 1.0
    assert asked == [("what budget", "m"), ("what budget", None)]
