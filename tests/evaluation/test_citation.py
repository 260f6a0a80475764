from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.domain.answers import State
from assistant.evaluation.metrics.citation import (
    citation_faults,
    citation_precision,
    citation_recall,
    citation_relevance,
    citation_validity,
    cites_direct,
    groundedness,
    one_sided,
    sentence_citation_f1,
)
from assistant.evaluation.observed import Observed, SeenCitation, SeenStatement, from_answer
from tests.evaluation.subjects import answer, evidence

ONE = evidence("study-f01", "Visits were felt to be supportive.")
TWO = evidence("study-f02", "Plans were hard to put into practice.")


def cite(passage: str, quote: str) -> SeenCitation:
    return SeenCitation(
        passage_id=passage, record_id=None, study_id=None, quote=quote, start=0, end=len(quote), marker=1
    )


def said(*statements: tuple[str, tuple[SeenCitation, ...]]) -> Observed:
    seen = from_answer(answer("q", cited=[ONE]))
    made = tuple(SeenStatement(text=text, kind="reported", citations=cited) for text, cited in statements)
    return replace(seen, statements=made, evidence=())


def all_words(passage: str, statement: str) -> bool:
    """A support check that is easy to work out by hand: every word of the statement is in the passage."""
    return set(statement.split()) <= set(passage.split())


def test_true_citations_are_valid() -> None:
    seen = from_answer(answer("q", cited=[ONE, TWO]))
    assert citation_validity(seen).value == 1.0
    assert citation_faults(seen) == ()


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"quote": "Visits were felt to be supportive!"}, "does not print the stored words"),
        ({"passage_id": "study-f09:0-10"}, "was not retrieved"),
        ({"end": 5}, "span that does not fit"),
        ({"quote": ""}, "prints no words"),
    ],
)
def test_every_way_a_citation_can_be_false_is_named(changes: dict[str, object], fault: str) -> None:
    seen = from_answer(answer("q", cited=[ONE, TWO]))
    broken = replace(seen.statements[0].citations[0], **changes)  # type: ignore[arg-type]
    seen = replace(seen, statements=(replace(seen.statements[0], citations=(broken,)), seen.statements[1]))
    assert citation_validity(seen).value == 0.5
    assert fault in citation_faults(seen)[0]


def test_a_quote_that_differs_only_in_its_kind_of_dash_is_false() -> None:
    dashed = evidence("s-f01", "Between 5-10 sites.")
    seen = from_answer(answer("q", cited=[dashed]))
    other = replace(seen.statements[0].citations[0], quote="Between 5–10 sites.")
    seen = replace(seen, statements=(replace(seen.statements[0], citations=(other,)),))
    assert citation_validity(seen).value == 0.0


def test_an_answer_without_citations_has_no_validity() -> None:
    refused = from_answer(answer("q", state=State.REFUSED))
    assert not citation_validity(refused).applies


def test_relevance_counts_each_finding_once() -> None:
    seen = from_answer(answer("q", cited=[ONE, ONE, TWO]))
    assert citation_relevance(seen, {"study-f01": 2}).value == 0.5
    assert citation_relevance(seen, {"study-f01": 1, "study-f02": 0}).value == 0.5


def test_a_direct_finding_must_be_cited_and_not_only_found() -> None:
    seen = from_answer(answer("q", cited=[ONE], found=[ONE, TWO]))
    assert cites_direct(seen, {"study-f02": 2}).value == 0.0
    assert cites_direct(seen, {"study-f01": 2}).value == 1.0
    assert not cites_direct(seen, {"study-f01": 1}).applies


def test_an_answer_is_one_sided_only_if_a_caution_was_there_to_mention() -> None:
    seen = from_answer(answer("q", cited=[ONE]))
    polarity = {"study-f01": "supports", "study-f02": "cautions"}
    assert one_sided(seen, {"study-f01": 2, "study-f02": 1}, polarity).value == 1.0
    assert one_sided(from_answer(answer("q", cited=[TWO])), {"study-f02": 1}, polarity).value == 0.0
    assert not one_sided(seen, {"study-f01": 2}, polarity).applies


def test_citation_recall_reads_the_citations_of_a_sentence_together() -> None:
    seen = said(
        ("a b", (cite("p1", "a"), cite("p2", "b"))),
        ("c", (cite("p1", "a"),)),
        ("d", ()),
    )
    assert citation_recall(seen, all_words).value == pytest.approx(1 / 3)


def test_citation_precision_has_the_value_worked_out_by_hand() -> None:
    seen = said(
        # both needed: 2 of 2
        ("a b", (cite("p1", "a"), cite("p2", "b"))),
        # p4 supports nothing and the other carries it alone: 1 of 2
        ("c", (cite("p3", "c"), cite("p4", "x"))),
        # not supported at all: 0 of 1
        ("d", (cite("p5", "y"),)),
    )
    assert citation_precision(seen, all_words).value == pytest.approx(3 / 5)


def test_a_passage_cited_twice_in_a_sentence_counts_once() -> None:
    once = said(("c", (cite("p3", "c"),)))
    twice = said(("c", (cite("p3", "c"), cite("p3", "c"))))
    assert citation_precision(twice, all_words) == citation_precision(once, all_words)


def test_groundedness_looks_at_everything_retrieved_and_leaves_refusals_out() -> None:
    seen = from_answer(
        answer("q", cited=[ONE, TWO], texts=["Visits were supportive.", "Money was short."], found=[ONE, TWO])
    )

    def check(passages: str, statement: str) -> bool:
        return statement.split()[0] in passages

    assert groundedness(seen, check).value == 0.5
    assert groundedness(from_answer(answer("q", state=State.REFUSED)), check).reason == "refused"


def test_what_the_reader_said_needs_no_support() -> None:
    seen = from_answer(answer("q", cited=[ONE]))
    own = replace(seen.statements[0], kind="your_input", citations=())
    assert not citation_recall(replace(seen, statements=(own,)), all_words).applies


def test_one_whole_gold_set_of_sentences_is_enough() -> None:
    assert sentence_citation_f1([1, 2], [[1, 2], [5]]).value == 1.0
    assert sentence_citation_f1([5], [[1, 2], [5]]).value == 1.0
    # precision 1/2, recall 1/2 of the first set
    assert sentence_citation_f1([1, 9], [[1, 2]]).value == pytest.approx(0.5)
    assert sentence_citation_f1([], [[1]]).value == 0.0
    assert not sentence_citation_f1([1], []).applies
