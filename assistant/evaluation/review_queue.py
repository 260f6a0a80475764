"""Queues of answers to rate blind, and the desk at which raters work through them.

A queue is a sheet in a folder, or what readers said in the chat. Ratings go to the store through a small
interface; who rated is a hash there. Nothing here knows a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any, Protocol

from assistant.domain.feedback import Feedback, KeptRating, Rating
from assistant.errors import CorpusError, InputError
from assistant.evaluation.review import Item, Sheet, shown
from assistant.evaluation.review_files import read_sheet
from assistant.evaluation.reviewed import Dispute, disputes

FROM_CHAT = "from-the-chat"
CHAT_TITLE = "Answers that readers of the chat commented on"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_LONGEST_PAUSE = 300.0
"""Seconds between two ratings after which a rater was away, and not thinking."""


class Ratings(Protocol):
    """Where ratings are kept."""

    def put(self, kept: KeptRating) -> None:
        """Keep a rating in the place of an earlier one by the same rater on the same item."""

    def put_all(self, many: Iterable[KeptRating]) -> None:
        """Keep ratings, all or none."""

    def remove(self, queue: str, rating: Rating) -> bool:
        """Forget a rating. False if there was none."""

    def of_queue(self, queue: str) -> tuple[KeptRating, ...]:
        """The ratings of a queue, oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """Answers to rate, in order."""

    name: str
    title: str
    sheet: Sheet

    @property
    def pair(self) -> bool:
        """True if answers stand side by side."""
        return any(len(item.answers) > 1 for item in self.sheet.items)

    def item(self, name: str) -> Item:
        """The item of that name. Raises InputError if there is none."""
        found = next((item for item in self.sheet.items if item.item == name), None)
        if found is None:
            raise InputError("This answer is no longer in the queue.", hint="Choose the queue again.")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What a rater does next: an item and its place, or none if all is done."""

    queue: Queue
    item: Item | None
    done: int
    total: int
    minutes_left: float | None = None
    """At this rater's own pace; None before there is one."""
    before: Rating | None = None
    """Marks to begin with: those of a rating that was taken back."""

    @property
    def place(self) -> int:
        """Number of the item in the queue, from 1; 0 for none."""
        return 1 + self.queue.sheet.items.index(self.item) if self.item else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """An item on which raters differ too far, their ratings without names, and how it was settled."""

    item: Item
    reasons: tuple[str, ...]
    ratings: tuple[Rating, ...]
    settled: Rating | None


def queue_names(folder: Path) -> tuple[str, ...]:
    """Names of the queues in a folder, each a folder with a sheet; none if the folder is not there."""
    if not folder.is_dir():
        return ()
    return tuple(
        sorted(
            place.name
            for place in folder.iterdir()
            if _NAME.fullmatch(place.name) and (place / "sheet.jsonl").is_file()
        )
    )


def checked_name(name: str) -> str:
    """`name` if it can be that of a queue. Raises InputError."""
    if not _NAME.fullmatch(name) or name == FROM_CHAT:
        raise InputError(
            f"A queue cannot be called '{name}'.",
            hint="Use letters, digits, dots and dashes, such as may-run.",
        )
    return name


def chat_queue(feedback: Iterable[Feedback]) -> Queue:
    """The answers that readers commented on, each once, oldest first, without what readers said."""
    items, key = dict[str, Item](), dict[str, dict[str, Any]]()
    for said in feedback:
        turn = said.turn
        name = f"chat-{str(turn.get('seal') or said.id)[:12]}"
        key.setdefault(name, {"case": name, "systems": ["chat"], "feedback": []})["feedback"].append(said.id)
        if name not in items:
            standalone = str(turn["standalone"])
            same = standalone.strip() == str(turn["question"]).strip()
            items[name] = Item(
                item=name,
                question=str(turn["question"]),
                turns=() if same else (f"understood as: {standalone}",),
                answers=(shown({"answer": turn}),),
            )
    return Queue(name=FROM_CHAT, title=CHAT_TITLE, sheet=Sheet(items=tuple(items.values()), key=key))


class ReviewDesk:
    """Hands out answers to rate, takes ratings, and says where raters differ. Safe to share by threads."""

    def __init__(self, *, folder: Path, ratings: Ratings, feedback: Sequence[Feedback] | None = None) -> None:
        self._folder = folder
        self._ratings = ratings
        self._feedback = feedback

    def names(self) -> Mapping[str, str]:
        """Queues that hold something, name to title."""
        found = {name: name for name in queue_names(self._folder)}
        return {**found, FROM_CHAT: CHAT_TITLE} if self._feedback else found

    def queue(self, name: str) -> Queue:
        """The queue of that name. Raises InputError if there is none, CorpusError if its sheet is broken."""
        if name == FROM_CHAT and self._feedback:
            return chat_queue(self._feedback)
        if name not in queue_names(self._folder):
            raise InputError("There is no such queue.", hint="Choose one from the list.")
        sheet = read_sheet(self._folder / name)
        if not sheet.items:
            raise CorpusError("this sheet holds no answer.", path=self._folder / name / "sheet.jsonl")
        return Queue(name=name, title=name, sheet=sheet)

    def task(self, name: str, rater: str, *, later: Sequence[str] = ()) -> Task:
        """The first item this rater has not rated; those put off (`later`) come last, in that order."""
        queue = self.queue(name)
        mine = [kept for kept in self._ratings.of_queue(name) if _is_own(kept.rating, rater)]
        done = {kept.rating.item for kept in mine}
        left = [item for item in queue.sheet.items if item.item not in done]
        left.sort(key=lambda item: later.index(item.item) if item.item in later else -1)
        total = len(queue.sheet.items)
        return Task(
            queue=queue,
            item=left[0] if left else None,
            done=total - len(left),
            total=total,
            minutes_left=_minutes(mine, len(left)),
        )

    def rate(self, name: str, rating: Rating) -> None:
        """Keep a rating. Raises InputError if it holds no mark or its item is not in the queue."""
        self.queue(name).item(rating.item)
        if not rating.scales and not rating.sentences and rating.choice is None:
            raise InputError("Nothing is marked yet.", hint="Give at least one mark.")
        self._ratings.put(KeptRating(queue=name, made_at=datetime.now(UTC), rating=rating))

    def take_back(self, name: str, rater: str) -> Task:
        """The item this rater rated last, with its marks, no longer rated. Raises InputError for none."""
        mine = [kept.rating for kept in self._ratings.of_queue(name) if _is_own(kept.rating, rater)]
        if not mine:
            raise InputError("There is no rating of yours to take back.")
        last = mine[-1]
        self._ratings.remove(name, last)
        task = self.task(name, rater)
        return replace(task, item=task.queue.item(last.item), before=last)

    def ratings(self, name: str) -> tuple[Rating, ...]:
        """Every rating of a queue whose item is still there, oldest first."""
        known = {item.item for item in self.queue(name).sheet.items}
        return tuple(k.rating for k in self._ratings.of_queue(name) if k.rating.item in known)

    def withheld(self, name: str, rater: str) -> bool:
        """True if this rater is in the middle of the queue and must not see what others think."""
        task = self.task(name, rater)
        return 0 < task.done < task.total

    def differences(self, name: str) -> tuple[Difference, ...]:
        """Where raters differ too far, in the order of the queue; what is settled comes last."""
        queue, every = self.queue(name), self.ratings(name)
        settled = {rating.item: rating for rating in every if rating.settled}
        found = {dispute.item: dispute for dispute in disputes(every)}
        listed = [
            _difference(item, found[item.item], every, settled.get(item.item))
            for item in queue.sheet.items
            if item.item in found
        ]
        return tuple(sorted(listed, key=lambda difference: difference.settled is not None))

    def take_in(self, name: str, ratings: Iterable[Rating]) -> int:
        """Keep ratings that were made in a file, and say how many. Raises InputError for an unknown item."""
        given = tuple(ratings)
        queue = self.queue(name)
        for rating in given:
            queue.item(rating.item)
        now = datetime.now(UTC)
        self._ratings.put_all(KeptRating(queue=name, made_at=now, rating=rating) for rating in given)
        return len(given)


def _is_own(rating: Rating, rater: str) -> bool:
    return rating.rater == rater and not rating.settled


def _difference(item: Item, dispute: Dispute, every: Sequence[Rating], settled: Rating | None) -> Difference:
    own = tuple(r for r in every if r.item == item.item and not r.settled)
    return Difference(item=item, reasons=dispute.reasons, ratings=own, settled=settled)


def _minutes(mine: Sequence[KeptRating], left: int) -> float | None:
    """Minutes for what is left, at the median time between this rater's ratings; pauses are left out."""
    times = [kept.made_at for kept in mine]
    gaps = [(b - a).total_seconds() for a, b in pairwise(times)]
    worked = [gap for gap in gaps if gap <= _LONGEST_PAUSE]
    return median(worked) * left / 60 if len(worked) >= 3 else None
