"""What each repository keeps, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest

from assistant.domain.advice import ConditionReading, Profile, Source
from assistant.domain.documents import Span
from assistant.domain.framework import FactorLevel
from assistant.domain.monitoring import Relationship, SavedDiagnosis, Sign, Strength, Trial
from assistant.errors import StorageError
from assistant.store.pairs import Pair
from assistant.store.store import Store

READING = ConditionReading(
    factor="proximity",
    state=FactorLevel.LOW,
    because=("two hours away", "\u201cfar\u201d \u2014 z\u00fcri"),
    confidence=0.3,
    value=-0.7,
    source=Source.WORDS,
    spans=(Span(3, 17),),
    note="Only one partner says so.",
)
DIAGNOSIS = SavedDiagnosis(
    id="d1",
    made_on=date(2026, 3, 1),
    label="Spring",
    answers={"a-q1": FactorLevel.HIGH, "b-q2": FactorLevel.MID},
    profile=Profile({"proximity": READING}),
    situation="First line\r\nsecond line \U0001f600",
    shown=("visits", "twinning"),
)
RELATION = Relationship(
    id="r1",
    partner="River Trust",
    kind="paired programme",
    formality=0.25,
    origin=1.0,
    since=date(2024, 5, 6),
    strength=Strength.STRONG,
    product="a record system",
    purpose="build order sets",
    holder="chief information officer, lead nurse",
)
TRIAL = Trial(
    id="t1",
    mechanism_id="visits",
    started=date(2026, 1, 2),
    leading_sign=Sign.APPEARED,
    checked_on=date(2026, 2, 3),
    note="It went well.",
)


def test_a_diagnosis_comes_back_as_it_was_kept(store: Store) -> None:
    store.diagnoses.add("anna", [DIAGNOSIS])
    assert store.diagnoses.of("anna") == (DIAGNOSIS,)
    assert store.diagnoses.one("anna", "d1") == DIAGNOSIS


def test_diagnoses_come_newest_first_whenever_they_were_kept(store: Store) -> None:
    days = [date(2026, 3, 1), date(2025, 1, 1), date(2026, 9, 1)]
    store.diagnoses.add("anna", [replace(DIAGNOSIS, id=str(d), made_on=d) for d in days])
    assert [d.made_on for d in store.diagnoses.of("anna")] == sorted(days, reverse=True)


def test_nobody_sees_changes_or_removes_what_another_keeps(store: Store) -> None:
    store.diagnoses.add("anna", [DIAGNOSIS])
    store.relationships.put("anna", [RELATION], date(2026, 1, 1))
    store.trials.put("anna", TRIAL)
    assert store.diagnoses.of("ben") == store.relationships.of("ben") == store.trials.of("ben") == ()
    assert store.diagnoses.one("ben", "d1") is None
    assert store.relationships.places("ben") == ()
    assert not store.diagnoses.remove("ben", "d1")
    assert not store.relationships.remove("ben", "r1")
    assert not store.trials.remove("ben", "t1")
    with pytest.raises(StorageError):
        store.relationships.put("ben", [RELATION], date(2026, 1, 1))
    with pytest.raises(StorageError):
        store.trials.put("ben", TRIAL)
    assert store.relationships.of("anna") == (RELATION,)
    assert store.trials.of("anna") == (TRIAL,)


def test_of_several_records_all_are_kept_or_none(store: Store) -> None:
    with pytest.raises(StorageError):
        store.diagnoses.add("anna", [DIAGNOSIS, DIAGNOSIS])
    assert store.diagnoses.of("anna") == ()


def test_a_relationship_is_changed_in_place_and_its_earlier_places_stay(store: Store) -> None:
    store.relationships.put("anna", [RELATION], date(2025, 1, 1))
    moved = replace(RELATION, formality=0.75, strength=Strength.WEAK)
    store.relationships.put("anna", [moved], date(2026, 1, 1))
    assert store.relationships.of("anna") == (moved,)
    places = [(p.day, p.formality, p.strength) for p in store.relationships.places("anna")]
    assert places == [(RELATION.since, 0.25, Strength.STRONG), (date(2026, 1, 1), 0.75, Strength.WEAK)]


def test_a_place_that_did_not_change_is_not_noted_again(store: Store) -> None:
    for month in (1, 2, 3):
        store.relationships.put("anna", [replace(RELATION, purpose=str(month))], date(2026, month, 1))
    assert len(store.relationships.places("anna")) == 1


def test_two_changes_on_one_day_leave_the_second(store: Store) -> None:
    day = date(2026, 1, 1)
    for formality in (0.0, 0.5, 1.0):
        store.relationships.put("anna", [replace(RELATION, since=None, formality=formality)], day)
    assert [(p.day, p.formality) for p in store.relationships.places("anna")] == [(day, 1.0)]


def test_what_is_removed_is_gone_with_all_that_hung_on_it(store: Store) -> None:
    store.diagnoses.add("anna", [DIAGNOSIS])
    store.relationships.put("anna", [RELATION], date(2026, 1, 1))
    store.trials.put("anna", TRIAL)
    assert store.diagnoses.remove("anna", "d1")
    assert store.relationships.remove("anna", "r1")
    assert store.trials.remove("anna", "t1")
    assert store.diagnoses.of("anna") == store.relationships.of("anna") == store.trials.of("anna") == ()
    with store.database.reading() as session:
        left = [session.connection().exec_driver_sql(f"SELECT count(*) FROM {table}").scalar()
                for table in ("diagnosis_answers", "relationship_places")]  # fmt: skip
    assert left == [0, 0]


def test_a_trial_is_changed_in_place(store: Store) -> None:
    store.trials.put("anna", TRIAL)
    later = replace(TRIAL, leading_sign=Sign.NOT_YET, ended=date(2026, 5, 5))
    store.trials.put("anna", later)
    assert store.trials.of("anna") == (later,)


def test_only_one_second_side_is_taken_in_a_pair(store: Store) -> None:
    first = {"x": FactorLevel.LOW}
    pair = Pair(code="ABC", label="us two", opened_on=date(2026, 1, 1), first=first, second=None)
    store.pairs.open("anna", pair)
    assert store.pairs.one("ABC") == pair
    assert store.pairs.answer_second("ABC", {"x": FactorLevel.HIGH})
    assert not store.pairs.answer_second("ABC", {"x": FactorLevel.LOW})
    assert store.pairs.one("ABC") == replace(pair, second={"x": FactorLevel.HIGH})
    assert store.pairs.of("anna") == (replace(pair, second={"x": FactorLevel.HIGH}),)
    assert not store.pairs.answer_second("NONE", {})
    assert not store.pairs.remove("ben", "ABC")
    assert store.pairs.remove("anna", "ABC")
    assert store.pairs.one("ABC") is None


def test_no_refusal_is_lost_when_many_are_counted_at_once(store: Store) -> None:
    cells = [("visits", "proximity"), ("visits", None), (None, None)] * 20
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(store.refusals.note, cells))
    assert store.refusals.counts() == {
        ("visits", "proximity"): 20,
        ("visits", None): 20,
        (None, None): 20,
    }


def test_text_that_looks_like_sql_stays_text(store: Store) -> None:
    hostile = replace(RELATION, partner="'; DROP TABLE relationships; --", holder='"%s" :x ?')
    store.relationships.put("o'; --", [hostile], date(2026, 1, 1))
    assert store.relationships.of("o'; --") == (hostile,)


def test_people_are_known_by_a_salted_hash(store: Store) -> None:
    assert store.hashed("anna@example.org") == store.hashed("anna@example.org")
    assert store.hashed("anna@example.org") != store.hashed("ben@example.org")
    assert "anna" not in store.hashed("anna@example.org")
    assert len(store.salt) >= 32
