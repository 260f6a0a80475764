"""The default composer: picks, orders and groups findings, and says what a careful reader should know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from assistant.answering.attribution import OPENINGS, attributed
from assistant.answering.evidence_composer import SHORT_ANSWER, EvidenceComposer
from assistant.answering.placing import asked_of, heading_of, openings
from assistant.domain.answers import Decision, Draft, DraftStatement, Reason, State, StatementKind
from assistant.domain.evidence import Evidence
from assistant.domain.framework import Catalogue, Finding, Study
from assistant.ingestion.corpus import load_corpus
from assistant.retrieval.asking import read_asking
from assistant.retrieval.mechanism_names import MechanismNames
from tests.libraries import BUNDLED
from tests.made_up import (
    catalogue,
    coding,
    evidence_of,
    finding,
    mechanism,
    passage_of,
    question,
    study,
    turn,
)

HELPS = finding("a-f01", "Site visits helped ward teams to plan.", mechanisms=["site-visit"], role="enable")
MORE = finding(
    "b-f01", "Seeing a working ward made plans concrete.", mechanisms=["site-visit"], role="enable"
)
THIRD = finding("c-f01", "Nurses asked colleagues they had met.", mechanisms=["site-visit"])
AGAINST = finding("d-f01", "Travel took staff away for days.", mechanisms=["site-visit"], polarity="cautions")
WEIGHED = (HELPS, AGAINST)
WORTH = "Is a yearly site visit to another ward worth the long journey for all of the nurses who go?"
ADVISED = "How do we plan a visit?"
ANSWERED = Decision(State.GROUNDED)


@pytest.fixture(scope="module")
def real() -> Catalogue:
    return load_corpus(BUNDLED).catalogue


def compose(
    findings: Sequence[Finding],
    text: str = "What do site visits bring?",
    *,
    scores: Sequence[float] = (),
    studies: Sequence[Study] = (),
    decision: Decision = ANSWERED,
    admitted: Sequence[Finding] | None = None,
    extra: Sequence[Evidence] = (),
) -> Draft:
    evidence = (*evidence_of(findings, scores), *extra)
    chosen = tuple(passage_of(f).id for f in (findings if admitted is None else admitted))
    decision = Decision(decision.state, decision.reason, decision.because, admitted=chosen)
    composer = EvidenceComposer(catalogue(findings, studies=studies, mechanisms=[mechanism("site-visit")]))
    return composer.compose(question(text), read_asking(text), decision, evidence)


def cited(draft: Draft) -> list[str]:
    return [s.pointers[0].passage_id.split(":")[0] for s in draft.statements if s.pointers]


def under(draft: Draft, heading: str) -> list[DraftStatement]:
    return [s for s in draft.statements if s.heading == heading]


def test_a_refusal_is_composed_of_nothing() -> None:
    for reason in Reason:
        assert compose([HELPS, AGAINST], decision=Decision(State.REFUSED, reason)) == Draft(())


def test_two_sentences_answer_at_once_and_no_finding_is_said_twice() -> None:
    draft = compose([HELPS, MORE, THIRD])
    assert [s.lead for s in draft.statements] == [True, True, False]
    assert [s.heading for s in draft.statements[:2]] == [SHORT_ANSWER] * 2
    assert sorted(cited(draft)) == ["a-f01", "b-f01", "c-f01"]


def test_every_cited_sentence_is_the_findings_own_words_after_a_known_opening() -> None:
    for text in (WORTH, ADVISED, "What do site visits bring?"):
        for statement in compose([HELPS, MORE, AGAINST], text).statements:
            if statement.pointers:
                name = statement.pointers[0].passage_id.split(":")[0]
                words = {f.id: attributed(f, study(f.study_id)) for f in (HELPS, MORE, AGAINST)}[name]
                assert statement.text.removesuffix(words) in OPENINGS


def test_only_what_the_gate_admitted_is_used() -> None:
    assert cited(compose([HELPS, MORE, THIRD], admitted=[MORE])) == ["b-f01"]


def test_repeats_are_left_out() -> None:
    again = finding("e-f01", "Site visits greatly helped ward teams to plan.", mechanisms=["site-visit"])
    assert cited(compose([HELPS, again, MORE])) == ["a-f01", "b-f01"]


def test_sentences_that_differ_only_in_a_figure_are_both_kept() -> None:
    ninth = finding("e-f01", "Visits helped ward teams in 9 of 12 hospitals to plan their change.")
    fifth = finding("g-f01", "Visits helped ward teams in 5 of 12 hospitals to plan their change.")
    assert cited(compose([ninth, fifth])) == ["e-f01", "g-f01"]


def test_a_contrary_finding_is_shown_unasked_though_it_is_weak() -> None:
    draft = compose([HELPS, MORE, THIRD, AGAINST], scores=[30, 29, 5, 4])
    assert sorted(cited(draft)) == ["a-f01", "b-f01", "d-f01"]
    [shown] = [s for s in draft.statements if s.pointers[0].passage_id.startswith("d-f01")]
    assert shown.heading in (SHORT_ANSWER, "Mixed or negative evidence")


def test_a_contrary_finding_far_down_the_list_is_not_dragged_in() -> None:
    far = [finding(f"s{n}-f01", f"Ward {word} kept its list.") for n, word in enumerate("abcdefgh")]
    scores = [30, 29, *([5] * len(far)), 4]
    assert "d-f01" not in cited(compose([HELPS, MORE, *far, AGAINST], scores=scores))


def test_what_weighs_against_stands_beside_what_speaks_for_it() -> None:
    draft = compose([HELPS, MORE, AGAINST], WORTH)
    assert draft.statements[0].text.startswith("In favour: Site visits helped")
    assert draft.statements[1].text.startswith("Against: Travel took staff away")
    turned = compose([AGAINST, HELPS], WORTH)
    assert [s.text.split(":")[0] for s in turned.statements[:2]] == ["Against", "In favour"]


def openings_of(findings: Sequence[Finding], text: str = WORTH) -> list[str]:
    return [
        next(o for o in OPENINGS[::-1] if s.text.startswith(o))
        for s in compose(findings, text).statements
        if s.lead
    ]


def test_a_caution_is_called_one_where_advice_on_the_very_thing_is_asked() -> None:
    assert openings_of([HELPS, AGAINST], "How do we plan a site visit?") == ["", "A caution: "]
    assert openings_of([HELPS, AGAINST], "How do we plan our week?") == ["", ""]
    assert openings_of([HELPS, AGAINST], "What do site visits bring?") == ["", ""]


def test_nothing_is_weighed_where_another_thing_was_named_or_none_is_shared() -> None:
    calls = finding("d-f01", "Travel took staff away.", mechanisms=["weekly-calls"], polarity="cautions")
    assert openings(HELPS, calls, read_asking(WORTH), frozenset({"site-visit"})) == ("", "")
    both = [replace(f, coding=coding(["site-visit", "weekly-calls"], polarity=f.polarity)) for f in WEIGHED]
    assert openings_of(both) == ["In favour: ", "Against: "]
    named = catalogue(both, mechanisms=[mechanism("weekly-calls"), mechanism("site-visit")])
    names = MechanismNames(named.mechanisms)
    asking = read_asking("Are site visits worth it?")
    assert asked_of(asking, evidence_of(both), named, names) == {"site-visit"}
    assert openings(both[0], both[1], asking, frozenset({"mentoring"})) == ("", "")


def test_without_a_name_all_of_the_best_findings_must_be_about_the_thing() -> None:
    doubted = "Is the long journey to them worth it?"
    visits = [HELPS, AGAINST, MORE, THIRD]
    assert openings_of(visits, doubted) == ["In favour: ", "Against: "]
    astray = finding("c-f01", "Nurses asked colleagues they had met.")
    assert openings_of([HELPS, AGAINST, MORE, astray], doubted) == ["", ""]
    assert openings_of([HELPS, AGAINST, MORE], doubted) == ["", ""]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({}, {"polarity": "mixed"}),
        ({}, {"polarity": "cautions", "second": coding(["site-visit"], polarity="context")}),
        ({}, {"polarity": "cautions", "second": coding(["weekly-calls"], polarity="cautions")}),
        ({"second": coding(["site-visit"], polarity="context")}, {"polarity": "cautions"}),
    ],
)
def test_what_the_coders_do_not_agree_on_is_not_weighed(
    first: dict[str, Any], second: dict[str, Any]
) -> None:
    one = finding("a-f01", "Site visits helped ward teams to plan.", mechanisms=["site-visit"], **first)
    two = finding("d-f01", "Travel took staff away for days.", mechanisms=["site-visit"], **second)
    assert openings_of([one, two]) == ["", ""]


@pytest.mark.parametrize("change", [{"subject": "evidence-base"}, {"kind": "inference"}])
def test_how_good_the_evidence_is_and_what_we_infer_may_caution_but_take_no_side(
    change: dict[str, Any],
) -> None:
    ours = replace(AGAINST, **change)
    assert openings_of([HELPS, ours]) == ["", "A caution: "]
    assert openings_of([ours, HELPS]) == ["", ""]


def test_weak_findings_are_left_out_once_there_are_enough() -> None:
    assert cited(compose([HELPS, MORE, THIRD], scores=[30, 5, 4])) == ["a-f01", "b-f01"]
    assert cited(compose([HELPS, MORE, THIRD], scores=[30, 29, 28])) == ["a-f01", "b-f01", "c-f01"]


def test_a_short_question_gets_a_shorter_answer() -> None:
    many = [
        finding(f"s{n}-f01", f"{word} changed how {thing} worked.")
        for n, (word, thing) in enumerate(
            zip(
                ("Calls", "Visits", "Letters", "Lessons", "Meetings", "Films"),
                ("nurses", "porters", "surgeons", "cooks", "clerks", "drivers"),
                strict=True,
            )
        )
    ]
    assert len(cited(compose(many, "What changed?"))) < len(
        cited(compose(many, "What changed? " + "We ask a lot. " * 5))
    )


@pytest.mark.parametrize(
    ("given", "heading"),
    [
        ({"role": "enable"}, "What helps"),
        ({"role": "trigger"}, "What helps"),
        ({"role": "inhibit"}, "What gets in the way"),
        ({}, "What the evidence says"),
        ({"polarity": "cautions", "role": "enable"}, "Mixed or negative evidence"),
        ({"polarity": "mixed"}, "Mixed or negative evidence"),
        ({"polarity": "mixed", "second": coding(polarity="supports")}, "What the evidence says"),
        (
            {"polarity": "mixed", "role": "enable", "second": coding(polarity="supports", role="enable")},
            "What the evidence says",
        ),
        (
            {"polarity": "cautions", "role": "inhibit", "second": coding(polarity="context", role="inhibit")},
            "What gets in the way",
        ),
        ({"polarity": "mixed", "second": coding(polarity="cautions")}, "Mixed or negative evidence"),
        ({"role": "enable", "second": coding(role="control")}, "What the evidence says"),
        ({"subject": "evidence-base"}, "What the evidence says"),
        ({"subject": "evidence-base", "polarity": "cautions"}, "Mixed or negative evidence"),
    ],
)
def test_findings_are_grouped_under_plain_headings(given: dict[str, Any], heading: str) -> None:
    last = finding("z-f01", "Porters kept their own list.", **given)
    assert [s.heading for s in compose([AGAINST, HELPS, last]).statements][2] == heading


def test_how_good_the_evidence_is_is_judged_only_by_what_speaks_of_studies() -> None:
    judged = finding("z-f01", "Few studies had porters.", subject="evidence-base", polarity="cautions")
    assert heading_of(judged) == "How good the evidence is"
    result = finding("z-f01", "Porters seldom gain.", subject="evidence-base", polarity="cautions")
    assert heading_of(result) == "Mixed or negative evidence"


def test_no_finding_that_a_coder_called_favourable_is_called_negative_in_the_corpus(real: Catalogue) -> None:
    called = [f for f in real.findings.values() if heading_of(f) == "Mixed or negative evidence"]
    assert called
    for each in called:
        assert each.polarity in ("mixed", "cautions"), each.id
        assert each.second_coding is None or each.second_coding.polarity in ("mixed", "cautions"), each.id


def test_advice_is_given_only_where_it_is_asked_for_and_carries_no_citation() -> None:
    assert not [s for s in compose([HELPS, MORE]).statements if s.kind is StatementKind.ADVICE]
    advice = [s for s in compose([HELPS, MORE], ADVISED).statements if s.kind is StatementKind.ADVICE]
    assert [s.text for s in advice] == [
        "Site visit: agree on one aim.",
        "Site visit: name a contact on each side.",
        "Site visit: questions asked between meetings.",
    ]
    assert [s.heading for s in advice] == ["What you could do", "What you could do", "What to watch"]
    assert all(s.pointers == () and not s.lead for s in advice)


@pytest.mark.parametrize(
    "decision",
    [Decision(State.PARTLY_GROUNDED), Decision(State.PARTLY_GROUNDED, Reason.FIGURE_NOT_HELD)],
)
def test_no_advice_is_built_on_an_answer_in_part(decision: Decision) -> None:
    assert not [s for s in compose([HELPS], ADVISED, decision=decision).statements if not s.pointers]


def test_advice_is_about_what_both_coders_saw_though_a_lone_coder_saw_more_in_the_best_finding() -> None:
    loose = finding("a-f01", "Visits were made.", mechanisms=["site-visit"])
    firm = finding(
        "a-f02", "Calls kept nurses in touch.", mechanisms=["weekly-calls"], second=coding(["weekly-calls"])
    )
    more = finding(
        "a-f03", "Nurses rang on Fridays.", mechanisms=["weekly-calls"], second=coding(["weekly-calls"])
    )
    named = catalogue([loose, firm, more], mechanisms=[mechanism("weekly-calls"), mechanism("site-visit")])
    evidence = evidence_of([loose, firm, more])
    decision = Decision(State.GROUNDED, admitted=tuple(e.passage.id for e in evidence))
    draft = EvidenceComposer(named).compose(question(ADVISED), read_asking(ADVISED), decision, evidence)
    advice = [s.text for s in draft.statements if not s.pointers]
    assert advice
    assert all(text.startswith("Weekly calls: ") for text in advice)
    assert draft.follow_ups[0] == "What gets in the way of weekly calls?"


def test_what_we_infer_is_marked_as_ours() -> None:
    ours = finding("e-f01", "Before a visit it pays to agree what to look at.", kind="inference")
    kinds = {s.pointers[0].passage_id.split(":")[0]: s.kind for s in compose([HELPS, ours]).statements}
    assert kinds == {"a-f01": StatementKind.REPORTED, "e-f01": StatementKind.INFERENCE}


def test_another_field_is_never_mixed_in() -> None:
    headset = finding("v-f01", "Headsets eased pain.", domain="virtual-reality")
    assert cited(compose([HELPS, headset, MORE])) == ["a-f01", "b-f01"]
    assert cited(compose([headset, HELPS, MORE])) == ["v-f01"]


def test_papers_of_one_body_of_evidence_are_counted_once() -> None:
    together = [study("a", evidence_group="one"), study("b", evidence_group="one"), study("c")]
    two = compose([HELPS, MORE], studies=together[:2]).gaps
    assert two[0] == "These two papers share data or a team, so count them as one body of evidence."
    three = compose([HELPS, MORE, THIRD], studies=together).gaps
    assert (
        three[0]
        == "Some of these three papers share data or a team, so count them as two bodies of evidence."
    )
    assert not [g for g in compose([HELPS, MORE]).gaps if "count them" in g]
    assert (
        compose([HELPS]).gaps[0] == "All of this comes from one body of evidence, so treat it as one voice."
    )


def test_a_careful_reader_is_told_of_place_review_and_what_was_read() -> None:
    abroad = [study("a", setting="Norway, two wards", peer_reviewed=False), study("b", setting="Norway")]
    gaps = compose([HELPS, MORE], studies=abroad).gaps
    assert "All of this comes from Norway; it may not carry over to other places." in gaps
    assert "Some of this was not peer reviewed." in gaps
    abstract = [finding("a-f01", "Visits helped.", locator="abstract, results")]
    assert any(g.startswith("Only the abstracts") for g in compose(abstract).gaps)
    assert not [g for g in compose([HELPS], studies=[study("a", setting="")]).gaps if "carry over" in g]
    assert not [
        g for g in compose([HELPS], studies=[study("a", setting="international")]).gaps if "carry" in g
    ]


def test_a_study_of_the_same_evidence_that_was_not_read_is_named() -> None:
    unread = study("u", evidence_group="a", status="results-not-seen", year=2014, study_design="survey")
    gaps = compose([HELPS], studies=[study("a"), unread]).gaps
    assert "A survey from 2014 is on record too, but what it found could not be read." in gaps


def test_a_false_premise_is_answered_plainly_with_what_the_gate_chose() -> None:
    decision = Decision(State.GROUNDED, Reason.FALSE_PREMISE)
    draft = compose(
        [AGAINST, HELPS], "Since visits always work, how many?", decision=decision, admitted=[AGAINST]
    )
    assert [s.text for s in draft.statements] == [attributed(AGAINST, study("d"))]


def test_follow_ups_speak_of_the_same_mechanism() -> None:
    assert compose([HELPS]).follow_ups == (
        "What gets in the way of site visit?",
        "What helps site visit work?",
        "How good is the evidence on site visit?",
    )
    assert compose([finding("a-f01", "Nobody coded this.")]).follow_ups == ()


def test_what_is_not_a_finding_is_quoted_word_for_word() -> None:
    spoken, _ = turn("talk.txt", "We planned the visit with the ward sister. It rained.")
    evidence = (Evidence(spoken, 1, 20.0),)
    text = "Who planned the visit?"
    draft = EvidenceComposer(catalogue()).compose(
        question(text), read_asking(text), Decision(State.GROUNDED, admitted=(spoken.id,)), evidence
    )
    [first, *_] = draft.statements
    assert first.text == "P07 said: “We planned the visit with the ward sister.”"
    assert first.pointers[0].span is not None
    assert first.heading == "What participants said"


def test_the_same_input_gives_the_same_draft() -> None:
    given = [HELPS, MORE, THIRD, AGAINST]
    assert compose(given, WORTH) == compose(given, WORTH)
