from datetime import date

import pytest
from hypothesis import given as holds_for
from hypothesis import strategies as st

from assistant.domain.answers import CitedAdvice
from assistant.domain.framework import Basis
from assistant.errors import InputError
from assistant.framework.plan import MOST_PAGES, make_plan
from assistant.framework.plan_dates import months_after, review_dates, working_day
from tests.framework.conftest import load_catalogue
from tests.framework.plans import START, STORY, cited, every_page, plan, told, unknown

SPANS = sorted({m.effort.time_to_first_value for m in load_catalogue().mechanisms.values()})


@pytest.fixture(scope="module")
def advice() -> CitedAdvice:
    return told()


def test_without_a_choice_the_plan_goes_the_way_of_the_advice(advice: CitedAdvice) -> None:
    made = plan(given=advice)
    in_order = [step.mechanism_id for step in advice.advice.sequence if step.mechanism_id]
    assert [page.mechanism_id for page in made.pages] == in_order
    assert made.pages[0].part == "to start it"
    assert made.situation == STORY


def test_every_mechanism_gives_a_full_page(advice: CitedAdvice) -> None:
    for made in every_page(advice):
        (page,) = made.pages
        assert page.materials
        assert page.steps
        assert {measure.early for measure in page.measures} == {True, False}
        assert [review.on for review in page.reviews] == sorted(review.on for review in page.reviews)
        assert page.left_out
        assert page.failure_modes
        assert page.part == ""


def test_only_what_rests_on_evidence_carries_a_source_and_every_source_is_used(advice: CitedAdvice) -> None:
    for made in [*every_page(advice), *every_page(unknown())]:
        (page,) = made.pages
        lines = (*page.why, *page.against, *page.find_out)
        assert all(line.basis is Basis.EVIDENCE for line in lines if line.sources)
        used = {number for line in lines for number in line.sources}
        assert used == {source.number for source in page.sources}
        assert sorted(used) == list(range(1, len(used) + 1))


def test_a_finding_that_may_not_be_shown_is_never_cited(advice: CitedAdvice) -> None:
    shown = {source.finding for made in every_page(advice) for source in made.pages[0].sources}
    hidden = frozenset(sorted(shown)[:10])
    kept = cited(advice.advice, STORY, left_out=hidden)
    now = {source.finding for made in every_page(kept) for source in made.pages[0].sources}
    assert hidden
    assert not hidden & now


def test_a_negative_finding_is_on_the_page_wherever_there_is_one(advice: CitedAdvice) -> None:
    cards = {card.mechanism_id: card for card in advice.advice.cards}
    for made in every_page(advice):
        (page,) = made.pages
        negative = set(cards[page.mechanism_id].negative_findings)
        behind = {source.finding for source in page.sources}
        assert not negative or negative & behind


def test_the_same_advice_and_day_give_the_same_plan(advice: CitedAdvice) -> None:
    assert plan(given=advice) == plan(given=advice)


def test_with_nothing_known_a_chosen_mechanism_can_still_be_planned() -> None:
    (page,) = plan("site-visit", given=unknown()).pages
    assert page.find_out
    assert all(line.basis is Basis.EVIDENCE for line in page.why)


def test_with_nothing_recommended_and_nothing_chosen_there_is_no_plan() -> None:
    with pytest.raises(InputError, match="nothing to plan"):
        plan(given=unknown())


def test_an_unknown_mechanism_too_many_and_a_start_beyond_the_calendar_are_refused(
    advice: CitedAdvice,
) -> None:
    with pytest.raises(InputError, match="'tea-round'"):
        plan("tea-round", given=advice)
    with pytest.raises(InputError, match=f"at most {MOST_PAGES}"):
        plan(*list(load_catalogue().mechanisms)[: MOST_PAGES + 1], given=advice)
    with pytest.raises(InputError, match="too late"):
        make_plan(advice, load_catalogue(), start=date(9999, 12, 1), mechanisms=["webinar"])


def test_a_long_situation_is_cut_between_words_and_marked() -> None:
    long = "we cannot agree " * 60
    made = plan("webinar", given=cited(told().advice, long))
    assert made.situation.endswith("agree …")
    assert len(made.situation) < 260


@pytest.mark.parametrize(
    ("span", "look", "decide", "lasting"),
    [
        ("days", date(2026, 12, 15), date(2026, 12, 29), date(2027, 6, 1)),
        ("weeks", date(2026, 12, 29), date(2027, 1, 26), date(2027, 6, 1)),
        ("1-2 months", date(2027, 1, 1), date(2027, 2, 1), date(2027, 6, 1)),
        ("3-6 months", date(2027, 3, 1), date(2027, 6, 1), date(2027, 12, 1)),
        ("6-12 months", date(2027, 3, 1), date(2027, 12, 1), date(2028, 12, 1)),
        ("12 months or more", date(2027, 3, 1), date(2027, 12, 1), date(2028, 12, 1)),
    ],
)
def test_reviews_follow_from_the_start_and_the_time_to_first_value(
    span: str, look: date, decide: date, lasting: date
) -> None:
    dates = review_dates(START, span)
    assert (dates.first_look, dates.decide, dates.lasting) == (look, decide, lasting)


@holds_for(st.dates(max_value=date(9000, 1, 1)), st.sampled_from(SPANS))
def test_reviews_are_on_working_days_after_the_start_and_in_order(start: date, span: str) -> None:
    dates = review_dates(start, span)
    assert start < dates.first_look < dates.decide < dates.lasting
    assert all(day.weekday() < 5 for day in (dates.first_look, dates.decide, dates.lasting))


def test_a_month_too_short_ends_on_its_last_day() -> None:
    assert months_after(date(2027, 1, 31), 1) == date(2027, 2, 28)
    assert working_day(date(2027, 2, 28)) == date(2027, 3, 1)
