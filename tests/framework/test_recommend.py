from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.advice import ConditionReading, MechanismCard, Part, Profile, Source, Verdict
from assistant.domain.framework import Basis, Catalogue, FactorLevel
from assistant.framework.conditions import VALUE
from assistant.framework.profile import corrected
from assistant.framework.recommend import Adviser
from tests.framework.conftest import build_adviser, load_catalogue

FACTORS = [factor.id for factor in load_catalogue().framework.factors]  # type: ignore[union-attr]
LEVELS = list(FactorLevel)
STORY = "We have no budget and nobody to organise it, but the pharmacists are keen and help each other."


def reading(factor: str, level: FactorLevel) -> ConditionReading:
    return ConditionReading(
        factor=factor,
        state=level,
        because=("said",),
        confidence=1.0,
        value=VALUE[level],
        source=Source.ANSWER,
    )


profiles = st.dictionaries(st.sampled_from(FACTORS), st.sampled_from(LEVELS)).map(
    lambda levels: Profile({factor: reading(factor, level) for factor, level in levels.items()})
)


def by_id(cards: tuple[MechanismCard, ...]) -> dict[str, MechanismCard]:
    return {card.mechanism_id: card for card in cards}


def check_card(card: MechanismCard, catalogue: Catalogue, profile: Profile) -> None:
    mechanism = catalogue.mechanisms[card.mechanism_id]
    matches = (*card.met, *card.unmet, *card.against, *card.cleared, *card.unknown)
    assert len(matches) == len(mechanism.favoured_by) + len(mechanism.hindered_by)
    for match in matches:
        assert match.state == profile.state(match.factor)
        assert match.basis == Basis.EVIDENCE or not match.findings
        assert set(match.findings) <= set(catalogue.findings)
    assert all(m.favours and m.state == m.direction for m in card.met)
    assert all(not m.favours and m.state == m.direction for m in card.against)
    assert all(m.state in (None, FactorLevel.MID) for m in card.unknown)
    assert set(mechanism.cautionary_findings) <= set(card.negative_findings) <= set(catalogue.findings)
    assert card.first_steps
    assert card.indicators.leading
    assert card.indicators.lagging
    assert card.left_out
    assert card.exit
    assert card.transfer


@settings(max_examples=500, deadline=None)
@given(profiles)
def test_every_profile_gives_valid_and_stable_cards(profile: Profile) -> None:
    adviser, catalogue = build_adviser(), load_catalogue()
    advice = adviser.advise(profile=profile)
    assert [card.rank for card in advice.cards] == list(range(1, len(catalogue.mechanisms) + 1))
    assert {card.mechanism_id for card in advice.cards} == set(catalogue.mechanisms)
    assert [c.score for c in advice.cards] == sorted((c.score for c in advice.cards), reverse=True)
    for card in advice.cards:
        check_card(card, catalogue, profile)
    assert adviser.advise(profile=profile) == advice


@settings(max_examples=100, deadline=None)
@given(profiles, st.sampled_from(FACTORS), st.sampled_from(LEVELS))
def test_changing_one_factor_moves_only_what_depends_on_it(
    profile: Profile, factor: str, level: FactorLevel
) -> None:
    adviser, catalogue = build_adviser(), load_catalogue()
    before = by_id(adviser.advise(profile=profile).cards)
    after = by_id(adviser.advise(profile=profile.with_reading(reading(factor, level))).cards)
    for key, mechanism in catalogue.mechanisms.items():
        named = {condition.factor for condition in (*mechanism.favoured_by, *mechanism.hindered_by)}
        if factor not in named:
            assert after[key].score == before[key].score
            assert (after[key].met, after[key].against) == (before[key].met, before[key].against)
            assert after[key].unknown == before[key].unknown


@settings(max_examples=100, deadline=None)
@given(profiles)
def test_a_hindering_condition_never_raises_a_mechanism(profile: Profile) -> None:
    adviser, catalogue = build_adviser(), load_catalogue()
    for mechanism in list(catalogue.mechanisms.values())[:6]:
        favoured = {condition.factor for condition in mechanism.favoured_by}
        for condition in mechanism.hindered_by:
            if condition.factor in favoured:
                continue
            worse = profile.with_reading(reading(condition.factor, FactorLevel(condition.direction)))
            scores = adviser._scorer.scores(worse, {})
            assert (
                scores[mechanism.id]
                < adviser._scorer.scores(profile.without(condition.factor), {})[mechanism.id]
            )


def test_nothing_known_asks_instead_of_recommending(adviser: Adviser) -> None:
    advice = adviser.advise(profile=Profile())
    assert advice.verdict is Verdict.NOT_ENOUGH_KNOWN
    assert advice.shown == 0
    assert advice.sequence == ()
    assert advice.questions


def test_when_all_is_hindered_none_is_warranted(adviser: Adviser, catalogue: Catalogue) -> None:
    bad = dict.fromkeys(FACTORS, FactorLevel.LOW) | {"personal-inhibitors": FactorLevel.HIGH}
    worst = Profile({factor: reading(factor, level) for factor, level in bad.items()})
    order = adviser.advise(profile=worst)
    assert (order.verdict is Verdict.NONE_WARRANTED) == (order.cards[0].score <= 0)


def test_the_same_words_give_the_same_advice(adviser: Adviser) -> None:
    assert adviser.advise(STORY) == adviser.advise(STORY)


def test_a_correction_outranks_the_words_and_changes_only_its_own_reading(
    adviser: Adviser, catalogue: Catalogue
) -> None:
    framework = catalogue.framework
    assert framework is not None
    before = adviser.advise(STORY)
    mended = corrected(before.profile, "policy-developments", FactorLevel.HIGH, framework)
    after = adviser.advise(STORY, profile=mended)
    assert before.profile.state("policy-developments") == FactorLevel.LOW
    assert after.profile.state("policy-developments") == FactorLevel.HIGH
    for factor in set(before.profile.readings) - {"policy-developments"}:
        assert after.profile.readings[factor] == before.profile.readings[factor]


def test_a_sequence_starts_carries_tends_and_reviews(adviser: Adviser, catalogue: Catalogue) -> None:
    advice = adviser.advise(STORY)
    assert [step.part for step in advice.sequence] == [Part.START, Part.CARRY, Part.TEND, Part.REVIEW]
    start, carry = advice.sequence[0].mechanism_id, advice.sequence[1].mechanism_id
    assert start is not None
    assert carry is not None
    assert (
        catalogue.mechanisms[start].spectrum.formality >= 0.5 > catalogue.mechanisms[carry].spectrum.formality
    )
    assert not {a.mechanism_id for a in advice.advise_against} & {s.mechanism_id for s in advice.sequence}


def test_what_is_advised_against_has_a_condition_against_it(adviser: Adviser) -> None:
    advice = adviser.advise("The programme requires monthly returns and people are afraid of a league table.")
    cards = by_id(advice.cards)
    for against in advice.advise_against:
        assert against.factor in {match.factor for match in cards[against.mechanism_id].against}
        assert cards[against.mechanism_id].rank > advice.shown


def test_deciding_questions_do_change_the_first_three(adviser: Adviser) -> None:
    advice = adviser.advise(STORY)
    now = [card.mechanism_id for card in advice.cards[:3]]
    relevance = adviser.situations.relevance(STORY)
    for asked in advice.questions:
        tops = [
            adviser.order(advice.profile.with_reading(reading(asked.factor, level)), relevance)[:3]
            for level in LEVELS
        ]
        assert any(top != now for top in tops)
        assert asked.would_lead == {str(level): top[0] for level, top in zip(LEVELS, tops, strict=True)}
        assert asked.would_show == {str(level): tuple(top) for level, top in zip(LEVELS, tops, strict=True)}


def test_a_settled_answer_is_not_asked_again(adviser: Adviser) -> None:
    everything = Profile({factor: reading(factor, FactorLevel.MID) for factor in FACTORS})
    assert adviser.advise(profile=everything).questions == ()
