"""Saved diagnoses of one owner at a time. They are added and removed, never changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from assistant.domain.framework import FactorLevel
from assistant.domain.monitoring import SavedDiagnosis
from assistant.domain.readings import profile_from_data, readings_to_data
from assistant.store.database import Database
from assistant.store.tables import AnswerRow, DiagnosisRow


class Diagnoses:
    """Where diagnoses are kept."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, owner: str, diagnoses: Iterable[SavedDiagnosis]) -> None:
        """Keep diagnoses, all or none. Raises StorageError, also for an id that is taken."""
        now = datetime.now(UTC)
        with self._database.writing() as session:
            session.add_all(_row(owner, diagnosis, now) for diagnosis in diagnoses)

    def of(self, owner: str) -> tuple[SavedDiagnosis, ...]:
        """All diagnoses of an owner, newest first."""
        newest = (DiagnosisRow.made_on.desc(), DiagnosisRow.saved_at.desc(), DiagnosisRow.id)
        with self._database.reading() as session:
            rows = session.scalars(select(DiagnosisRow).where(DiagnosisRow.owner == owner).order_by(*newest))
            return tuple(map(_value, rows))

    def one(self, owner: str, diagnosis_id: str) -> SavedDiagnosis | None:
        """The diagnosis of that id; None if the owner has none of it."""
        with self._database.reading() as session:
            row = _own(session, owner, diagnosis_id)
            return _value(row) if row else None

    def remove(self, owner: str, diagnosis_id: str) -> bool:
        """Forget a diagnosis; True if there was one."""
        mine = (DiagnosisRow.id == diagnosis_id, DiagnosisRow.owner == owner)
        with self._database.writing() as session:
            return bool(session.execute(delete(DiagnosisRow).where(*mine).returning(DiagnosisRow.id)).all())


def _own(session: Session, owner: str, diagnosis_id: str) -> DiagnosisRow | None:
    mine = select(DiagnosisRow).where(DiagnosisRow.id == diagnosis_id, DiagnosisRow.owner == owner)
    return session.scalars(mine).one_or_none()


def _row(owner: str, diagnosis: SavedDiagnosis, now: datetime) -> DiagnosisRow:
    return DiagnosisRow(
        id=diagnosis.id,
        owner=owner,
        made_on=diagnosis.made_on,
        saved_at=now,
        label=diagnosis.label,
        situation=diagnosis.situation,
        readings=readings_to_data(diagnosis.profile),
        shown=list(diagnosis.shown),
        answers=[AnswerRow(question_id=key, level=level.value) for key, level in diagnosis.answers.items()],
    )


def _value(row: DiagnosisRow) -> SavedDiagnosis:
    answers = sorted(row.answers, key=lambda answer: answer.question_id)
    return SavedDiagnosis(
        id=row.id,
        made_on=row.made_on,
        label=row.label,
        answers={answer.question_id: FactorLevel(answer.level) for answer in answers},
        profile=profile_from_data(row.readings),
        situation=row.situation,
        shown=tuple(row.shown),
    )
