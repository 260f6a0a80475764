"""Only what the store bears out becomes an answer; everything else is dropped before anyone sees it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.answering.attribution import OPENINGS, attributed, quoted
from assistant.answering.verify import Checked, Verifier
from assistant.domain.answers import (
    _SEAL,
    Answer,
    Decision,
    Draft,
    DraftStatement,
    Pointer,
    Reason,
    State,
    StatementKind,
)
from assistant.domain.documents import Passage, Span
from assistant.domain.evidence import Evidence
from tests.made_up import (
    FINGERPRINTS,
    Stored,
    catalogue,
    evidence_of,
    finding,
    passage_of,
    question,
    turn,
)

VISITS = finding("river-f01", "Site visits helped ward teams to plan their own change in 9 of 12 hospitals.")
CALLS = finding("harbour-f01", "Weekly calls kept stroke nurses in touch over long distances.")
OURS = finding("river-f02", "Before a visit it pays to agree what to look at.", kind="inference")
HEADSET = finding("goggle-f01", "Headsets eased pain during dressing changes.", domain="virtual-reality")
SPOKEN, TALK = turn("talk.txt", "We phoned them every Friday. It kept us sane.", before="INT: How?\nP07: ")
INVENTED, SCRIPT = turn("script.txt", "I copied their screens and my nurses laughed.", constructed=True)
EVERY = [VISITS, CALLS, OURS, HEADSET]
CATALOGUE = catalogue(EVERY)
REPORTED, INFERENCE, CONSTRUCTED, ADVICE = (
    StatementKind.REPORTED,
    StatementKind.INFERENCE,
    StatementKind.CONSTRUCTED,
    StatementKind.ADVICE,
)
ANSWERED = Decision(State.GROUNDED)


def stored() -> Stored:
    passages = [*map(passage_of, EVERY), SPOKEN, INVENTED]
    return Stored(passages, {"talk.txt": TALK, "script.txt": SCRIPT})


def found(*passages: Passage) -> tuple[Evidence, ...]:
    return tuple(Evidence(p, n, 9.0 - n) for n, p in enumerate(passages, 1))


ALL = found(*map(passage_of, EVERY), SPOKEN, INVENTED)


def shown(f, opening: str = "") -> str:
    return opening + attributed(f, CATALOGUE.studies[f.study_id])


def cites(
    *given, kind: StatementKind = REPORTED, text: str | None = None, lead: bool = False
) -> DraftStatement:
    pointers = tuple(Pointer(passage_of(f).id) for f in given)
    return DraftStatement(shown(given[0]) if text is None else text, kind, "What helps", pointers, lead)


def check(*statements: DraftStatement, store: Stored | None = None, evidence=ALL) -> Checked:
    checked = Checked()
    verifier = Verifier(store or stored(), CATALOGUE, FINGERPRINTS)
    for _ in verifier.check(Draft(statements), evidence, checked):
        pass
    return checked


def answer(*statements: DraftStatement, decision: Decision = ANSWERED, **draft) -> Answer:
    verifier, checked, whole = (
        Verifier(stored(), CATALOGUE, FINGERPRINTS),
        Checked(),
        Draft(statements, **draft),
    )
    for _ in verifier.check(whole, ALL, checked):
        pass
    return verifier.seal(
        question(), decision, whole, checked, ALL, timings_ms={}, made_at="2026-01-01T00:00:00"
    )


def test_a_finding_in_its_own_words_is_released_and_quoted_from_the_store() -> None:
    [statement] = check(cites(VISITS)).statements
    [citation] = statement.citations
    assert citation.quote == VISITS.statement
    assert (citation.marker, citation.start, citation.end) == (1, 0, len(VISITS.statement))
    assert (citation.record_id, citation.study_id) == ("river-f01", "river")


def test_the_same_words_keep_one_number_and_others_count_on() -> None:
    checked = check(cites(VISITS), cites(CALLS), cites(VISITS), cites(OURS, kind=INFERENCE))
    assert [s.citations[0].marker for s in checked.statements] == [1, 2, 1, 3]


def test_a_stretch_of_speech_is_quoted_to_the_letter() -> None:
    span = Span(SPOKEN.span.start, SPOKEN.span.start + len("We phoned them every Friday."))
    words = span.of(TALK)
    proposed = DraftStatement(quoted(SPOKEN, words), REPORTED, "", (Pointer(SPOKEN.id, span),))
    [statement] = check(proposed).statements
    assert statement.citations[0].quote == words == TALK[span.start : span.end]


def test_an_unknown_id_is_dropped() -> None:
    checked = check(DraftStatement(shown(VISITS), REPORTED, "", (Pointer("river-f99:0-9"),)))
    assert checked.statements == []
    assert "not retrieved" in checked.dropped[0]


def test_a_stored_passage_that_was_not_retrieved_for_this_question_is_dropped() -> None:
    assert check(cites(CALLS), evidence=evidence_of([VISITS])).statements == []


def test_a_passage_that_is_no_longer_stored_is_dropped() -> None:
    store = stored()
    del store.held[passage_of(VISITS).id]
    assert check(cites(VISITS), store=store).statements == []


@pytest.mark.parametrize("document", ["Site visits helped nobody.", "", None])
def test_stored_words_that_were_altered_are_dropped(document: str | None) -> None:
    store = stored()
    if document is None:
        del store.documents["river-f01"]
    else:
        store.documents["river-f01"] = document
    checked = check(cites(VISITS), store=store)
    assert checked.statements == []
    assert "not stored as indexed" in checked.dropped[0]


def test_a_passage_that_was_altered_beside_its_document_is_dropped() -> None:
    store = stored()
    changed = passage_of(VISITS, text=VISITS.statement.replace("helped", "harmed"))
    store.held[changed.id] = changed
    assert check(cites(VISITS), store=store).statements == []


@pytest.mark.parametrize(("start", "end"), [(0, 5), (5, 9_999)])
def test_a_stretch_beyond_its_passage_is_dropped(start: int, end: int) -> None:
    proposed = DraftStatement("INT: How?", REPORTED, "", (Pointer(SPOKEN.id, Span(start, end)),))
    assert check(proposed).statements == []


def test_what_may_not_be_cited_is_dropped() -> None:
    store = stored()
    store.held[passage_of(VISITS).id] = passage_of(VISITS, citable=False)
    assert check(cites(VISITS), store=store).statements == []


def test_an_invented_example_is_never_reported() -> None:
    text = quoted(INVENTED, INVENTED.text)
    pointers = (Pointer(INVENTED.id),)
    assert check(DraftStatement(text, REPORTED, "", pointers)).statements == []
    assert check(DraftStatement(text, INFERENCE, "", pointers)).statements == []
    [statement] = check(DraftStatement(text, CONSTRUCTED, "", pointers)).statements
    assert statement.kind is CONSTRUCTED


def test_real_words_are_never_passed_off_as_an_invented_example() -> None:
    assert check(cites(VISITS, kind=CONSTRUCTED)).statements == []


def test_what_we_infer_is_never_reported_nor_the_other_way_round() -> None:
    assert check(cites(OURS, kind=REPORTED)).statements == []
    assert check(cites(VISITS, kind=INFERENCE)).statements == []
    assert [s.kind for s in check(cites(OURS, kind=INFERENCE)).statements] == [INFERENCE]


def test_one_claim_never_mixes_fields() -> None:
    checked = check(cites(VISITS, HEADSET))
    assert checked.statements == []
    assert "different fields" in checked.dropped[0]


def test_an_invented_example_and_a_finding_never_share_a_claim() -> None:
    mixed = DraftStatement(
        shown(VISITS), REPORTED, "", (Pointer(passage_of(VISITS).id), Pointer(INVENTED.id))
    )
    assert check(mixed).statements == []


@pytest.mark.parametrize("kind", [REPORTED, INFERENCE, CONSTRUCTED])
def test_what_needs_a_citation_and_has_none_is_dropped(kind: StatementKind) -> None:
    assert check(DraftStatement("Site visits help.", kind)).statements == []


@pytest.mark.parametrize("kind", [ADVICE, StatementKind.YOUR_INPUT])
def test_advice_and_what_the_asker_said_never_carry_a_citation(kind: StatementKind) -> None:
    assert check(cites(VISITS, kind=kind)).statements == []
    assert len(check(DraftStatement("Agree on one aim.", kind)).statements) == 1


@pytest.mark.parametrize("opening", OPENINGS)
def test_the_known_openings_may_stand_before_a_finding(opening: str) -> None:
    assert len(check(cites(VISITS, text=shown(VISITS, opening))).statements) == 1


@pytest.mark.parametrize(
    "opening",
    [
        "Everyone agrees: ",
        "It is proven in every country: ",
        "Surprisingly, ",
        "Never: ",
        "In 90% of cases: ",
        "in favour: ",
        "Against:",
    ],
)
def test_no_other_words_may_stand_before_stored_words(opening: str) -> None:
    checked = check(
        cites(VISITS, text=shown(VISITS, opening)), cites(VISITS, text=opening + VISITS.statement)
    )
    assert checked.statements == []
    assert all("words of its own" in fault for fault in checked.dropped)


@pytest.mark.parametrize(
    "text",
    [
        "Site visits helped ward teams to plan their own change in 11 of 12 hospitals.",
        "Site visits never helped ward teams to plan their own change.",
        "Pharmacists in Denmark were paid more.",
    ],
)
def test_a_sentence_that_its_source_does_not_bear_out_is_dropped(text: str) -> None:
    checked = check(cites(VISITS, text=text))
    assert checked.statements == []
    assert "not borne out" in checked.dropped[0]


def test_the_rest_is_released_in_order_when_one_sentence_is_dropped() -> None:
    released = answer(cites(VISITS), cites(CALLS, text="Calls cured stroke in 40 hospitals."), cites(CALLS))
    assert [s.text for s in released.statements] == [shown(VISITS), shown(CALLS)]
    assert released.state is State.PARTLY_GROUNDED


def test_the_lead_repeats_the_first_sentences_that_were_released() -> None:
    released = answer(cites(VISITS, lead=True), cites(CALLS, lead=True), cites(OURS, kind=INFERENCE))
    assert released.lead == f"{shown(VISITS)} {shown(CALLS)}"
    dropped = answer(cites(VISITS, text="Visits cured 40 people.", lead=True), cites(CALLS, lead=True))
    assert dropped.lead == shown(CALLS)


def test_a_refusal_carries_no_statement_and_leads_with_its_reason() -> None:
    decision = Decision(
        State.REFUSED, Reason.NEAR_MISS, "No study counted this.", missing=("No study counted this.",)
    )
    released = answer(cites(VISITS, lead=True), decision=decision)
    assert (released.state, released.reason, released.statements) == (State.REFUSED, Reason.NEAR_MISS, ())
    assert released.lead == "No study counted this."
    assert released.cited == frozenset()
    assert released.evidence == ALL


def test_where_nothing_cited_is_left_the_answer_is_a_refusal_that_says_so() -> None:
    wrong = cites(VISITS, text="Visits cured 40 people.", lead=True)
    released = answer(wrong, DraftStatement("Agree on one aim.", ADVICE), gaps=("All of it is old.",))
    assert (released.state, released.reason, released.statements) == (State.REFUSED, Reason.NOTHING_FOUND, ())
    assert released.lead == released.because != ""
    assert released.gaps == (released.because,)


def test_gaps_and_follow_ups_are_each_said_once() -> None:
    decision = Decision(State.PARTLY_GROUNDED, missing=("Gap one.",), suggestions=("Ask A?", "Ask B?"))
    released = answer(
        cites(VISITS), decision=decision, gaps=("Gap two.", "Gap one."), follow_ups=("Ask B?", "Ask C?")
    )
    assert released.gaps == ("Gap one.", "Gap two.")
    assert released.follow_ups == ("Ask B?", "Ask C?", "Ask A?")
    assert released.state is State.PARTLY_GROUNDED


def test_an_answer_cannot_be_made_without_the_seal() -> None:
    made = answer(cites(VISITS))
    parts = {name: getattr(made, name) for name in Answer.__dataclass_fields__ if name != "seal"}
    with pytest.raises(TypeError, match="seal"):
        Answer(**parts)
    for pretended in (None, object(), type(_SEAL)()):
        with pytest.raises(TypeError, match="only by the verifying step"):
            Answer(**parts, seal=pretended)


def test_a_copy_with_other_words_does_not_carry_the_seal() -> None:
    made = answer(cites(VISITS))
    with pytest.raises(ValueError, match="seal"):
        replace(made, lead="Visits cure everything.")
    assert not hasattr(made, "seal")


def test_an_answer_cannot_be_changed_afterwards() -> None:
    made = answer(cites(VISITS))
    with pytest.raises(AttributeError):
        made.lead = "Visits cure everything."  # type: ignore[misc]
