"""The gate over a small made-up catalogue: six kinds of refusal, answers in part, and plain answers."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from assistant.domain.answers import Decision, Reason, State
from assistant.domain.evidence import Evidence
from assistant.domain.framework import Boundary, Finding
from assistant.retrieval.asking import read_asking
from assistant.retrieval.boundaries import Boundaries
from assistant.retrieval.gate import Gate, GateLimits
from tests.made_up import WordVectors, catalogue, evidence_of, finding, mechanism, study

VISITS = finding(
    "river-2021-f01", "Site visits helped ward teams to plan their own change.", mechanisms=["site-visit"]
)
COSTLY = finding(
    "river-2021-f02",
    "Site visits took staff away from wards and changed little by themselves.",
    mechanisms=["site-visit"],
    polarity="cautions",
)
COUNTED = finding(
    "harbour-2019-f01",
    "Nurses at 14 hospitals joined the calls, and a third came each week.",
    mechanisms=["calls"],
)
VAGUE = finding(
    "harbour-2019-f02",
    "The weekly calls brought gains, not specified here, to each hospital.",
    mechanisms=["calls"],
)
HEADSET = finding(
    "headset-2020-f01", "Headsets eased pain during dressing changes.", domain="virtual-reality"
)
STUDIES = [
    study("river-2021", title="Site visits between wards", authors=("River A",), year=2021),
    study("harbour-2019", title="Weekly calls for stroke nurses", authors=("Harbour J",), year=2019),
    study(
        "unread-2014",
        title="Rivalry of midwives' boards",
        authors=("Unread B",),
        year=2014,
        status="results-not-seen",
    ),
    study(
        "headset-2020", title="Headsets for burns", authors=("Goggle C",), year=2020, domain="virtual-reality"
    ),
]
BOUNDARIES = [
    Boundary(
        id="deaths",
        kind="gap",
        says="No study here counted deaths.",
        instead="Ask what visits changed.",
        cues=("mortality", "deaths"),
        asked_as=("did fewer patients die after site visits", "has mortality gone down after site visits"),
    ),
    Boundary(
        id="weather",
        kind="out_of_domain",
        says="This is about the weather.",
        instead="Ask a forecaster.",
        asked_as=("will it rain tomorrow", "how warm is it tomorrow"),
    ),
    Boundary(
        id="law",
        kind="personal_or_legal",
        says="No advice on the law is given.",
        instead="Ask a solicitor.",
        asked_as=("can a nurse sue the trust over a visit", "is the trust liable for the visit"),
    ),
    Boundary(
        id="wording",
        kind="results_not_seen",
        says="The questionnaire was not read.",
        instead="Ask the authors.",
        asked_as=("what is the exact wording of the questionnaire", "list the items of the questionnaire"),
    ),
]
CATALOGUE = catalogue(
    [VISITS, COSTLY, COUNTED, VAGUE, HEADSET],
    studies=STUDIES,
    mechanisms=[mechanism("site-visit"), mechanism("calls")],
    boundaries=BOUNDARIES,
)
EMBED = WordVectors()
GATE = Gate(CATALOGUE, Boundaries(BOUNDARIES, EMBED))
WEAK, STRONG = 5.0, 25.0


def decide(text: str, found: Sequence[Evidence], *, gate: Gate = GATE) -> Decision:
    return gate.decide(read_asking(text), EMBED.one(text), found)


def evidence(*findings: Finding, likeness: float = 0.6, score: float = STRONG) -> tuple[Evidence, ...]:
    return evidence_of(findings, [score - n for n in range(len(findings))], likeness=likeness)


def refused(decision: Decision, reason: Reason) -> None:
    assert (decision.state, decision.reason) == (State.REFUSED, reason)
    assert decision.admitted == ()
    assert decision.because
    assert decision.missing[0] == decision.because


def test_a_question_that_the_evidence_fits_is_answered_from_all_of_it() -> None:
    found = evidence(VISITS, COSTLY, COUNTED)
    decision = decide("What do ward teams gain when they go and see another site?", found)
    assert (decision.state, decision.reason, decision.missing) == (State.GROUNDED, None, ())
    assert decision.admitted == tuple(e.passage.id for e in found)


def test_nothing_found_is_said_so() -> None:
    decision = decide("What helps ward teams?", ())
    refused(decision, Reason.NOTHING_FOUND)
    assert decision.suggestions


def test_what_may_not_be_cited_counts_as_not_found() -> None:
    refused(decide("What helps ward teams?", evidence_of([VISITS], citable=False)), Reason.NOTHING_FOUND)


def test_a_near_miss_is_refused_with_what_is_missing_and_what_can_be_asked() -> None:
    decision = decide("Did fewer patients die after site visits?", evidence(VISITS))
    refused(decision, Reason.NEAR_MISS)
    assert decision.missing == ("No study here counted deaths.", "Ask what visits changed.")
    assert decision.suggestions == (
        "What is the evidence on site visit?",
        "What gets in the way of site visit?",
    )


def test_another_subject_is_out_of_domain() -> None:
    refused(
        decide("Will it rain tomorrow?", evidence(VISITS, likeness=0.3, score=WEAK)), Reason.OUT_OF_DOMAIN
    )


def test_what_is_like_nothing_known_at_all_is_out_of_domain_without_an_example() -> None:
    decision = decide("Quantum chess?", evidence(VISITS, likeness=0.1, score=WEAK))
    refused(decision, Reason.OUT_OF_DOMAIN)


def test_a_matter_of_law_is_refused_without_suggestions() -> None:
    decision = decide("Can a nurse sue the trust over a visit?", evidence(VISITS))
    refused(decision, Reason.PERSONAL_OR_LEGAL)
    assert decision.missing == ("No advice on the law is given.", "Ask a solicitor.")
    assert decision.suggestions == ()


def test_a_detail_that_was_not_read_is_refused_as_such() -> None:
    refused(
        decide("What is the exact wording of the questionnaire?", evidence(VISITS)), Reason.RESULTS_NOT_SEEN
    )


def test_a_named_study_whose_results_were_not_read_is_named_and_refused() -> None:
    decision = decide("What did the 2014 study by Unread find?", evidence(VISITS))
    refused(decision, Reason.RESULTS_NOT_SEEN)
    assert "Rivalry of midwives' boards" in decision.because
    assert "(2014)" in decision.because


def test_a_named_study_of_another_field_does_not_answer_for_ours() -> None:
    decision = decide("What did Goggle 2020 say on ward teams at other sites?", evidence(VISITS))
    refused(decision, Reason.NEAR_MISS)
    assert "Headsets for burns" in decision.because


def test_a_named_study_that_was_read_is_answered() -> None:
    decision = decide("What did the 2021 study by River say on ward teams?", evidence(VISITS, COSTLY))
    assert decision.state is State.GROUNDED


def test_a_figure_that_no_finding_states_is_refused_where_nothing_is_near() -> None:
    decision = decide("What percentage of ward teams changed their plan?", evidence(VISITS, COSTLY))
    refused(decision, Reason.FIGURE_NOT_HELD)


def test_a_figure_that_no_finding_states_shows_what_is_nearest_and_says_so() -> None:
    decision = decide(
        "What percentage of ward teams changed their plan?", evidence(VISITS, COSTLY, likeness=0.9)
    )
    assert (decision.state, decision.reason) == (State.PARTLY_GROUNDED, Reason.FIGURE_NOT_HELD)
    assert decision.admitted == (f"{VISITS.id}:0-{len(VISITS.statement)}",)
    assert "does not answer" in decision.missing[1]


def test_a_figure_that_a_finding_states_is_answered() -> None:
    found = evidence(COUNTED, VISITS)
    assert decide("How many hospitals did nurses join the calls from?", found).state is State.GROUNDED
    assert decide("What share of nurses came to the calls each week?", found).state is State.GROUNDED


def test_a_figure_about_something_else_is_not_taken_for_an_answer() -> None:
    found = evidence(COUNTED, likeness=0.5)
    decision = decide("What percentage of pharmacists wrote blueprints?", found)
    assert decision.reason is Reason.FIGURE_NOT_HELD


def test_a_detail_that_the_best_finding_does_not_spell_out_is_said_to_be_unread() -> None:
    decision = decide("What exactly did each hospital gain from the calls?", evidence(VAGUE, COUNTED))
    assert (decision.state, decision.reason) == (State.PARTLY_GROUNDED, Reason.RESULTS_NOT_SEEN)
    assert decision.admitted[0] == evidence(VAGUE)[0].passage.id
    assert "could not be read" in decision.because


def test_whether_there_was_something_at_all_is_answered_by_a_finding_without_details() -> None:
    assert decide("Did hospitals gain from the calls?", evidence(VAGUE, COUNTED)).reason is None
    assert decide("What did hospitals gain from the calls?", evidence(COUNTED, VAGUE)).reason is None


def test_a_false_premise_is_answered_with_what_speaks_against_it() -> None:
    decision = decide("Since site visits always change a ward, which wards gain?", evidence(COSTLY, VISITS))
    assert (decision.state, decision.reason) == (State.GROUNDED, Reason.FALSE_PREMISE)
    assert decision.admitted == (f"{COSTLY.id}:0-{len(COSTLY.statement)}",)
    assert decision.missing == (decision.because,)


def test_a_premise_that_the_evidence_shares_is_left_alone() -> None:
    decision = decide("Since site visits always help ward teams, which wards gain?", evidence(VISITS, COSTLY))
    assert decision.reason is None


def test_strong_evidence_resists_a_boundary_that_weak_evidence_gives_way_to() -> None:
    text = "will it rain tomorrow"
    near = 1.0 - (GateLimits().margin + GateLimits().strong_margin) / 2
    decided = [decide(text, evidence(VISITS, likeness=near, score=score)) for score in (WEAK, STRONG)]
    assert [d.reason for d in decided] == [Reason.OUT_OF_DOMAIN, None]


def test_even_strong_evidence_gives_way_to_a_boundary_that_the_question_names_outright() -> None:
    decision = decide("Has mortality gone down after site visits?", evidence(VISITS, likeness=0.99))
    refused(decision, Reason.NEAR_MISS)


def test_studies_of_another_field_among_the_best_make_the_gate_careful() -> None:
    text = "will it rain tomorrow"
    near = evidence(VISITS, COSTLY, likeness=0.99)
    mixed = evidence(VISITS, HEADSET, likeness=0.99)
    assert decide(text, near).state is State.GROUNDED
    refused(decide(text, mixed), Reason.OUT_OF_DOMAIN)


def test_weak_evidence_is_answered_in_part_and_says_so() -> None:
    found = evidence(VISITS, COSTLY, COUNTED, HEADSET, likeness=0.4, score=WEAK)
    decision = decide("What do ward teams gain elsewhere?", found)
    assert (decision.state, decision.reason) == (State.PARTLY_GROUNDED, None)
    assert 0 < len(decision.admitted) < len(found)
    assert decision.missing


@pytest.mark.parametrize(
    "text", ["What do ward teams gain?", "Will it rain tomorrow?", "Did fewer patients die?"]
)
def test_the_same_question_is_decided_the_same(text: str) -> None:
    again = Gate(CATALOGUE, Boundaries(BOUNDARIES, WordVectors()))
    found = evidence(VISITS, COSTLY)
    assert decide(text, found) == decide(text, found, gate=again)


def test_a_brief_question_never_leans_away_for_its_form_and_a_long_one_may() -> None:
    away = Gate(CATALOGUE, Boundaries(BOUNDARIES, EMBED), leaning=lambda kind, vector: -3.0)
    brief, long = "How warm is it there?", "How warm is it there when ward teams go and see some other place?"
    for text, likeness, state in ((brief, 0.78, State.PARTLY_GROUNDED), (long, 0.45, State.REFUSED)):
        found = evidence(VISITS, COSTLY, likeness=likeness, score=WEAK - 4)
        assert decide(text, found).state is not State.REFUSED
        assert decide(text, found, gate=away).state is state
