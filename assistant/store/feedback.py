"""What people say of answers, kept: readers' feedback with its turn, and the ratings of reviews."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import delete, select

from assistant.domain.feedback import Feedback, KeptRating, Rating
from assistant.store.database import Database
from assistant.store.feedback_tables import FeedbackRow, RatingRow

_SETTLED = "settled"
"""The seat of the rating that ends a difference; no hash looks like it."""


class KeptRatings:
    """The ratings of all queues: the last word of each rater on each item."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, kept: KeptRating) -> None:
        """Keep a rating in the place of an earlier one by the same rater. Raises StorageError."""
        self.put_all([kept])

    def put_all(self, many: Iterable[KeptRating]) -> None:
        """Keep ratings, all or none. Raises StorageError."""
        with self._database.writing() as session:
            for kept in many:
                session.merge(_rating_row(kept))

    def remove(self, queue: str, rating: Rating) -> bool:
        """Forget a rating; True if there was one."""
        place = (RatingRow.queue == queue, RatingRow.item == rating.item, RatingRow.seat == _seat(rating))
        with self._database.writing() as session:
            return bool(session.execute(delete(RatingRow).where(*place).returning(RatingRow.item)).all())

    def of_queue(self, queue: str) -> tuple[KeptRating, ...]:
        """The ratings of a queue, oldest first."""
        wanted = select(RatingRow).where(RatingRow.queue == queue)
        with self._database.reading() as session:
            rows = session.scalars(wanted.order_by(RatingRow.made_at, RatingRow.item, RatingRow.seat))
            return tuple(map(_rating, rows))


class Opinions:
    """Feedback and ratings, and the salt that makes names into hashes."""

    def __init__(self, database: Database, salt: str) -> None:
        self._database = database
        self.ratings = KeptRatings(database)
        self.salt = salt

    def put_feedback(self, said: Feedback) -> None:
        """Keep a reader's view in the place of an earlier one of the same id. Raises StorageError."""
        with self._database.writing() as session:
            session.merge(
                FeedbackRow(
                    id=said.id,
                    made_at=said.made_at,
                    said_by=said.by,
                    helpful=said.helpful,
                    reason=said.reason,
                    sentence=said.sentence,
                    comment=said.comment,
                    turn=dict(said.turn),
                )
            )

    def remove_feedback(self, id: str, *, by: str) -> bool:
        """Forget a reader's own view; True if there was one of that id by that reader."""
        mine = (FeedbackRow.id == id, FeedbackRow.said_by == by)
        with self._database.writing() as session:
            return bool(session.execute(delete(FeedbackRow).where(*mine).returning(FeedbackRow.id)).all())

    def feedback(self) -> tuple[Feedback, ...]:
        """What readers said, oldest first."""
        with self._database.reading() as session:
            rows = session.scalars(select(FeedbackRow).order_by(FeedbackRow.made_at, FeedbackRow.id))
            return tuple(map(_feedback, rows))


def _seat(rating: Rating) -> str:
    return _SETTLED if rating.settled else rating.rater


def _rating_row(kept: KeptRating) -> RatingRow:
    rating = kept.rating
    return RatingRow(
        queue=kept.queue,
        item=rating.item,
        seat=_seat(rating),
        made_at=kept.made_at,
        rater=rating.rater,
        scales=dict(rating.scales),
        sentences={str(number): word for number, word in rating.sentences.items()},
        choice=rating.choice or "",
        comment=rating.comment,
    )


def _rating(row: RatingRow) -> KeptRating:
    rating = Rating(
        item=row.item,
        rater=row.rater,
        scales=row.scales,
        sentences={int(number): word for number, word in sorted(row.sentences.items(), key=_by_number)},
        choice=row.choice or None,
        comment=row.comment,
        settled=row.seat == _SETTLED,
    )
    return KeptRating(queue=row.queue, made_at=_utc(row.made_at), rating=rating)


def _by_number(pair: tuple[str, str]) -> int:
    return int(pair[0])


def _feedback(row: FeedbackRow) -> Feedback:
    return Feedback(
        id=row.id,
        made_at=_utc(row.made_at),
        by=row.said_by,
        helpful=row.helpful,
        reason=row.reason,
        sentence=row.sentence,
        comment=row.comment,
        turn=row.turn,
    )


def _utc(moment: datetime) -> datetime:
    """SQLite forgets the zone; what is kept is always UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
