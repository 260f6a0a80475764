"""What one person keeps, end to end on the real catalogue and a real store."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from pathlib import Path

import pytest
from docx import Document

from assistant.domain.framework import FactorLevel, Framework
from assistant.domain.monitoring import Agreement, Relationship, Sign, Trial
from assistant.engine import Assistant
from assistant.errors import InputError, SettingsError, StorageError
from assistant.framework.profile import profile_from_answers
from assistant.monitoring import Monitor
from assistant.settings import STORE_FILE
from assistant.word import monitoring_docx

OWNERS = count()


@pytest.fixture
def monitor(small: Assistant) -> Monitor:
    return small.monitor(f"owner {next(OWNERS)}")


@pytest.fixture
def framework(small: Assistant) -> Framework:
    assert small.catalogue.framework is not None
    return small.catalogue.framework


def saved(monitor: Monitor, framework: Framework, level: FactorLevel, day: int, **more: FactorLevel) -> str:
    answers = {factor.questions[0].id: level for factor in framework.factors[:8]} | more
    profile = profile_from_answers(answers, framework)
    return monitor.save_diagnosis(profile=profile, answers=answers, made_on=date(2026, 1, day)).id


def partner(name: str, **more: object) -> Relationship:
    return Relationship(partner=name, formality=0.25, origin=0.75, **more)  # type: ignore[arg-type]


def test_a_diagnosis_repeated_later_shows_what_moved_and_what_that_changes(
    small: Assistant, monitor: Monitor, framework: Framework
) -> None:
    changed = framework.factors[0]
    earlier = saved(monitor, framework, FactorLevel.LOW, 1)
    later = saved(monitor, framework, FactorLevel.LOW, 20, **{changed.questions[0].id: FactorLevel.HIGH})
    assert [d.id for d in monitor.diagnoses()] == [later, earlier]
    change = monitor.change(earlier, later)
    assert [c.factor for c in change.factors] == [changed.id]
    first = small.recommend(profile=monitor.diagnosis(earlier).profile).advice
    second = small.recommend(profile=monitor.diagnosis(later).profile).advice
    then, now = ({c.mechanism_id for c in a.cards[: a.shown]} for a in (first, second))
    assert {*change.advice_entered} == now - then
    assert {*change.advice_left} == then - now
    back = monitor.change(later, earlier)
    assert (back.advice_entered, back.factors[0].before) == (change.advice_left, FactorLevel.HIGH)


def test_the_same_answers_a_quarter_later_change_nothing(monitor: Monitor, framework: Framework) -> None:
    change = monitor.change(*(saved(monitor, framework, FactorLevel.MID, day) for day in (1, 9)))
    assert (change.factors, change.advice_entered, change.advice_left) == ((), (), ())


def test_nobody_reaches_what_another_keeps(small: Assistant, monitor: Monitor, framework: Framework) -> None:
    kept = saved(monitor, framework, FactorLevel.LOW, 1)
    relation = monitor.put_relationship(partner("A"))
    other = small.monitor("somebody else")
    assert kept not in [d.id for d in other.diagnoses()]
    for act in (
        lambda: other.diagnosis(kept),
        lambda: other.change(kept, kept),
        lambda: other.put_relationship(relation),
    ):
        with pytest.raises(InputError, match="of that id"):
            act()
    assert not other.remove_diagnosis(kept)
    assert not other.remove_relationship(relation.id)


def test_what_cannot_be_kept_is_refused_with_a_cure(monitor: Monitor) -> None:
    far = date.today() + timedelta(days=30)
    wrong = (
        partner("  "),
        partner("A", since=far),
        partner("A", since=date(2026, 1, 2), ended=date(2026, 1, 1)),
        partner("A" * 500),
        partner("A\x00B"),
        replace(partner("A"), formality=1.5),
        replace(partner("A"), origin=float("nan")),
    )
    for relation in wrong:
        with pytest.raises(InputError) as raised:
            monitor.put_relationship(relation)
        assert raised.value.hint
    with pytest.raises(InputError):
        monitor.put_trial(Trial(mechanism_id="no-such-thing", started=date(2026, 1, 1)))
    assert monitor.relationships() == monitor.trials() == ()


def test_a_table_with_one_bad_row_leaves_everything_as_it_was(monitor: Monitor) -> None:
    monitor.put_relationship(partner("Kept"))
    before = monitor.relationships()
    report = monitor.import_relationships("partner,formality,origin\nGood,0.5,0.5\nBad,7,0.5\n")
    assert [(fault.line, fault.column) for fault in report.faults] == [(3, "formality")]
    assert (report.added, report.changed) == (0, 0)
    assert monitor.relationships() == before


def test_tables_go_to_another_person_and_back(
    small: Assistant, monitor: Monitor, framework: Framework
) -> None:
    monitor.put_relationships([partner("=A"), partner("B", purpose="x, y")])
    saved(monitor, framework, FactorLevel.LOW, 1)
    saved(monitor, framework, FactorLevel.HIGH, 2)
    other = small.monitor(f"owner {next(OWNERS)}")
    for _ in range(2):  # taking a table in twice changes nothing more
        other.import_relationships(monitor.relationships_csv())
        other.import_diagnoses(monitor.diagnoses_csv())
    assert [replace(r, id="") for r in other.relationships()] == [
        replace(r, id="") for r in monitor.relationships()
    ]
    assert [replace(d, id="") for d in other.diagnoses()] == [replace(d, id="") for d in monitor.diagnoses()]


def test_a_relationship_that_moved_is_seen_on_two_days(monitor: Monitor) -> None:
    kept = monitor.put_relationship(partner("A"), day=date(2026, 1, 1))
    monitor.put_relationship(replace(kept, formality=1.0), day=date(2026, 3, 1))
    (move,) = monitor.moves(date(2026, 1, 15), date(2026, 4, 1))
    assert move.before is not None
    assert move.after is not None
    assert (move.before.formality, move.after.formality) == (0.25, 1.0)
    assert monitor.moves(date(2025, 1, 1), date(2025, 2, 1)) == ()
    monitor.put_relationship(replace(kept, ended=date(2026, 3, 10)), day=date(2026, 3, 10))
    (move,) = monitor.moves(date(2026, 1, 15), date(2026, 4, 1))
    assert move.after is None


def test_a_trial_keeps_whether_its_first_sign_appeared(small: Assistant, monitor: Monitor) -> None:
    mechanism = next(iter(small.catalogue.mechanisms))
    kept = monitor.put_trial(Trial(mechanism_id=mechanism, started=date(2026, 1, 1)))
    monitor.put_trial(replace(kept, leading_sign=Sign.APPEARED, checked_on=date(2026, 2, 1)))
    (trial,) = monitor.trials()
    assert trial.leading_sign is Sign.APPEARED
    assert monitor.remove_trial(trial.id)


def test_two_partners_answer_apart_and_see_only_where_they_differ(
    small: Assistant, monitor: Monitor, framework: Framework
) -> None:
    def told(*levels: FactorLevel) -> dict[str, FactorLevel]:
        """Each of the first factors at a level, by two answers."""
        pairs = zip(framework.factors, levels, strict=False)
        return {question.id: level for factor, level in pairs for question in factor.questions[:2]}

    low, mid, high = FactorLevel.LOW, FactorLevel.MID, FactorLevel.HIGH
    code = monitor.open_pair(told(low, high), label="Us")
    assert (monitor.pair(code).answered, monitor.pair(code).factors) == (1, {})
    other = small.monitor("the partner")
    spoken = f" {code[:5].lower()}-{code[5:].lower()} "
    view = other.answer_pair(spoken, told(low, low, mid))
    seen = [view.factors[factor.id] for factor in framework.factors[:4]]
    assert seen == [Agreement.SAME, Agreement.DIFFERENT, Agreement.NOT_BOTH, Agreement.NOT_BOTH]
    assert view == monitor.pair(code) == monitor.pairs()[0]
    with pytest.raises(InputError, match="answered already"):
        other.answer_pair(code, told(high))
    with pytest.raises(InputError, match="of that code"):
        other.pair("NOSUCHCODE")


def test_a_factor_with_one_answer_is_never_compared_since_its_level_is_that_answer(
    small: Assistant, monitor: Monitor, framework: Framework
) -> None:
    first, second = framework.factors[:2]
    one = {first.questions[0].id: FactorLevel.LOW}
    with pytest.raises(InputError, match="nothing to compare"):
        monitor.open_pair(one)
    two = dict.fromkeys((question.id for question in second.questions[:2]), FactorLevel.HIGH)
    code = monitor.open_pair({**one, **two})
    view = small.monitor("the partner").answer_pair(code, {**one, **two})
    assert (view.factors[first.id], view.factors[second.id]) == (Agreement.NOT_BOTH, Agreement.SAME)


def test_a_report_holds_all_of_it_and_is_the_same_each_time(monitor: Monitor, framework: Framework) -> None:
    monitor.put_relationships(
        [partner("River \x07Trust".replace("\x07", ""), holder="CIO"), partner("B", holder="CIO")]
    )
    saved(monitor, framework, FactorLevel.LOW, 1)
    saved(monitor, framework, FactorLevel.HIGH, 9)
    report = monitor.report(date(2026, 1, 1))
    written = monitoring_docx(report)
    assert written == monitoring_docx(report)
    assert zipfile.ZipFile(io.BytesIO(written)).testzip() is None
    document = Document(io.BytesIO(written))
    words = [paragraph.text for paragraph in document.paragraphs]
    assert "Who depends on whom" in words
    assert any("CIO holds all 2 contacts" in text for text in words)
    assert any(text.startswith("What moved between 1 January 2026") for text in words)
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert "River Trust" in cells
    assert all(row._tr.trPr is not None for table in document.tables for row in table.rows[:1])


def test_refusals_are_counted_without_words(small: Assistant) -> None:
    before = dict(small.refusals())
    assert small.note_refusal(None, "proximity")
    assert small.refusals()[None, "proximity"] == before.get((None, "proximity"), 0) + 1


@pytest.mark.parametrize("error", [StorageError("no"), SettingsError("no")])
def test_who_cannot_keep_anything_can_still_ask(
    small: Assistant, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def broken() -> None:
        raise error

    monkeypatch.setattr(small, "_open_store", broken)
    monkeypatch.setattr(small, "_store", None)
    assert small.note_refusal("x", None) is False
    assert small.refusals() == {}
    assert small.answer("Do peer visits help hospitals to learn from each other?").statements is not None
    with pytest.raises(type(error)):
        small.monitor("anybody")


def test_nothing_is_opened_before_something_is_kept(data_dir: Path, packaged_embedder: object) -> None:
    from tests.libraries import open_assistant

    assistant = open_assistant(data_dir, packaged_embedder)  # type: ignore[arg-type]
    try:
        assistant.search("peer visits")
        (row,) = [check for check in assistant.doctor() if check.name == "monitoring"]
        assert "Nothing is kept yet" in row.sentence
        assert not (data_dir / STORE_FILE).exists()
        assistant.monitor("me").relationships()
        assert (data_dir / STORE_FILE).exists()
        (row,) = [check for check in assistant.doctor() if check.name == "monitoring"]
        assert "up to date" in row.sentence
    finally:
        assistant.close()


def test_the_commands_start_without_the_database_library() -> None:
    heavy = "('sqlalchemy', 'alembic')"
    code = f"import sys, assistant.cli, assistant.engine; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
