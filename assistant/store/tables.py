"""The tables of the store, typed. The migrations make them in a database; a test holds both equal."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """What all tables share: constraints are named, so that later migrations can change them anywhere."""

    metadata = MetaData(naming_convention=NAMES)


class FactRow(Base):
    """Facts on the store itself, such as the salt of its hashes."""

    __tablename__ = "store_facts"
    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


class DiagnosisRow(Base):
    """A saved diagnosis; its answers are rows of their own."""

    __tablename__ = "diagnoses"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    owner: Mapped[str] = mapped_column(String(64), index=True)
    made_on: Mapped[date] = mapped_column(Date)
    saved_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    label: Mapped[str] = mapped_column(String(200))
    situation: Mapped[str] = mapped_column(Text)
    readings: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    shown: Mapped[list[str]] = mapped_column(JSON)
    answers: Mapped[list[AnswerRow]] = relationship(cascade="all, delete-orphan", lazy="selectin")


class AnswerRow(Base):
    """One answer of a diagnosis."""

    __tablename__ = "diagnosis_answers"
    diagnosis_id: Mapped[str] = mapped_column(
        String(32), ForeignKey("diagnoses.id", ondelete="CASCADE"), primary_key=True
    )
    question_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    level: Mapped[str] = mapped_column(String(4))
    __table_args__ = (CheckConstraint("level IN ('low', 'mid', 'high')", name="level"),)


class RelationshipRow(Base):
    """A relationship as it is now; where it lay before is in its places."""

    __tablename__ = "relationships"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    owner: Mapped[str] = mapped_column(String(64), index=True)
    partner: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(200))
    formality: Mapped[float] = mapped_column(Float)
    origin: Mapped[float] = mapped_column(Float)
    since: Mapped[date | None] = mapped_column(Date)
    strength: Mapped[str] = mapped_column(String(10))
    product: Mapped[str] = mapped_column(String(200))
    purpose: Mapped[str] = mapped_column(Text)
    holder: Mapped[str] = mapped_column(String(400))
    ended: Mapped[date | None] = mapped_column(Date)
    places: Mapped[list[PlaceRow]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by="PlaceRow.day"
    )
    __table_args__ = (
        CheckConstraint("formality BETWEEN 0 AND 1", name="formality"),
        CheckConstraint("origin BETWEEN 0 AND 1", name="origin"),
    )


class PlaceRow(Base):
    """Where a relationship lay from a day on."""

    __tablename__ = "relationship_places"
    relationship_id: Mapped[str] = mapped_column(
        String(32), ForeignKey("relationships.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    formality: Mapped[float] = mapped_column(Float)
    origin: Mapped[float] = mapped_column(Float)
    strength: Mapped[str] = mapped_column(String(10))


class TrialRow(Base):
    """A mechanism that somebody tries."""

    __tablename__ = "trials"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    owner: Mapped[str] = mapped_column(String(64), index=True)
    mechanism_id: Mapped[str] = mapped_column(String(100))
    started: Mapped[date] = mapped_column(Date)
    leading_sign: Mapped[str] = mapped_column(String(12))
    checked_on: Mapped[date | None] = mapped_column(Date)
    note: Mapped[str] = mapped_column(Text)
    ended: Mapped[date | None] = mapped_column(Date)


class PairRow(Base):
    """Two partners who answer the same questions apart. Levels by factor; None until a side has answered."""

    __tablename__ = "pairs"
    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    owner: Mapped[str] = mapped_column(String(64), index=True)
    label: Mapped[str] = mapped_column(String(200))
    opened_on: Mapped[date] = mapped_column(Date)
    first: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    second: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))


class RefusalRow(Base):
    """How often a question on a mechanism and a factor was refused. A count, never a text; '' is none."""

    __tablename__ = "refusals"
    mechanism_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    factor_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    count: Mapped[int] = mapped_column(Integer)
