"""The tables of what people say of answers: readers in the chat, raters in a review."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, DateTime, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from assistant.store.tables import Base


class FeedbackRow(Base):
    """A reader's view of an answer, with the whole turn as its receipt tells it."""

    __tablename__ = "feedback"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    said_by: Mapped[str] = mapped_column(String(64))
    helpful: Mapped[bool] = mapped_column(Boolean)
    reason: Mapped[str] = mapped_column(String(40))
    sentence: Mapped[int | None] = mapped_column(Integer)
    comment: Mapped[str] = mapped_column(Text)
    turn: Mapped[dict[str, Any]] = mapped_column(JSON)


class RatingRow(Base):
    """A rating. `seat` is the rater's hash, or `settled` for the one that ends a difference."""

    __tablename__ = "ratings"
    queue: Mapped[str] = mapped_column(String(100), primary_key=True)
    item: Mapped[str] = mapped_column(String(100), primary_key=True)
    seat: Mapped[str] = mapped_column(String(64), primary_key=True)
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    rater: Mapped[str] = mapped_column(String(64))
    scales: Mapped[dict[str, int]] = mapped_column(JSON)
    sentences: Mapped[dict[str, str]] = mapped_column(JSON)
    choice: Mapped[str] = mapped_column(String(40))
    comment: Mapped[str] = mapped_column(Text)
