"""What people say of answers, kept in memory: the store's interface for pages without a store."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.domain.feedback import Feedback, KeptRating, Rating


class KeptRatings:
    """Ratings in memory, as the store keeps them: the last word of each rater on each item."""

    def __init__(self) -> None:
        self.all: list[KeptRating] = []

    def put(self, kept: KeptRating) -> None:
        self.remove(kept.queue, kept.rating)
        self.all.append(kept)

    def put_all(self, many: Iterable[KeptRating]) -> None:
        for kept in list(many):
            self.put(kept)

    def remove(self, queue: str, rating: Rating) -> bool:
        left = [k for k in self.all if (k.queue, _place(k.rating)) != (queue, _place(rating))]
        gone = len(left) < len(self.all)
        self.all = left
        return gone

    def of_queue(self, queue: str) -> tuple[KeptRating, ...]:
        return tuple(k for k in self.all if k.queue == queue)


def _place(rating: Rating) -> tuple[str, str, bool]:
    return rating.item, "" if rating.settled else rating.rater, rating.settled


class MemoryOpinions:
    """Ratings and feedback of one process."""

    salt = "a salt for the tests alone"

    def __init__(self) -> None:
        self.ratings = KeptRatings()
        self.said: list[Feedback] = []

    def put_feedback(self, said: Feedback) -> None:
        self.said = [other for other in self.said if other.id != said.id] + [said]

    def remove_feedback(self, id: str, *, by: str) -> bool:
        left = [said for said in self.said if (said.id, said.by) != (id, by)]
        gone = len(left) < len(self.said)
        self.said = left
        return gone

    def feedback(self) -> tuple[Feedback, ...]:
        return tuple(self.said)
