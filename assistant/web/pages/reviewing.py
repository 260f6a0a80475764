"""What the Review page shows after each step of a rater. Knows the review desk; knows no widget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.domain.feedback import Rating
from assistant.errors import InputError
from assistant.evaluation.review import SCALES, Item, rater_hash, scales_for, sheet_csv
from assistant.evaluation.review_agreement import agreement_rows
from assistant.evaluation.review_files import pasted_ratings, ratings_csv, ratings_jsonl
from assistant.evaluation.review_queue import Difference, Queue, ReviewDesk, Task
from assistant.evaluation.reviewed import reviewed
from assistant.security.sanitising import plain_text
from assistant.web import render_review as html
from assistant.web.pages.wiring import fault_words, saved_file
from assistant.web.render import plural

if TYPE_CHECKING:
    from assistant.web.pages import Desk

MOST_SENTENCES = 16
"""Sentences of one answer that can be rated one by one; longer answers say so."""
LONGEST_COMMENT = 1_000
LONGEST_NAME = 80
_UNEXPECTED = "Something went wrong on our side. What you rated before is kept."
_WITHHELD = "Finish your own ratings first, so that those of others do not sway you."


@dataclass(frozen=True, slots=True)
class Sitting:
    """What a rater is at: which queue, who (a hash), which item, and what was put off."""

    queue: str = ""
    rater: str = ""
    item: str = ""
    settling: bool = False
    later: tuple[str, ...] = ()
    warned: bool = False
    """True once missing marks of this item were pointed out."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What is marked on the form."""

    scales: Mapping[str, int] = field(default_factory=dict)
    sentences: Mapping[int, str] = field(default_factory=dict)
    choice: str | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Screen:
    """The page at one moment."""

    sitting: Sitting
    panel: str = ""
    """`rate`, `agreement`, `files`, or empty for none."""
    item: Item | None = None
    pair: bool = False
    progress: str = ""
    beside: str = ""
    """What the raters said, while a difference is settled."""
    marks: Marks | None = field(default_factory=Marks)
    """None: the marks on the form stay."""
    note: str = ""
    status: str = ""
    table: str = ""
    file: str = ""


class Reviewing:
    """Turns the steps of a rater into states of the page. Every error is a note on the page."""

    def __init__(self, desk: Desk) -> None:
        self._assistant = desk.assistant
        self._folder = Path(desk.options.review_folder) if desk.options.review_folder else None
        self._by_name = not desk.options.has_identity

    def desk(self) -> ReviewDesk:
        """The queues as they are now."""
        opinions = self._assistant.opinions
        folder = self._folder or Path("no-such-folder")
        return ReviewDesk(folder=folder, ratings=opinions.ratings, feedback=opinions.feedback())

    def names(self) -> Sequence[tuple[str, str]]:
        """(title, name) of each queue that holds something."""
        return [(title, name) for name, title in self.desk().names().items()]

    def open(self, panel: str, queue: str | None, name: str, principal: str) -> Screen:
        """The page after a rater chose a queue and what to do with it."""

        def opened() -> Screen:
            if not queue:
                raise InputError("Choose a queue first.")
            sitting = Sitting(queue=queue, rater=self._rater(name, principal), settling=panel == "settle")
            if panel == "rate":
                return self._next(sitting, html.told_html(""))
            if self.desk().withheld(queue, sitting.rater):
                raise InputError(_WITHHELD)
            if panel == "settle":
                return self._next(sitting, html.told_html(""))
            return self._files(sitting) if panel == "files" else self._agreement(sitting)

        return self._guarded(Sitting(), opened)

    def save(self, sitting: Sitting, marks: Marks) -> Screen:
        """The page after a rating; missing marks are pointed out once before they are left out."""

        def saved() -> Screen:
            desk = self.desk()
            queue = desk.queue(sitting.queue)
            item = queue.item(sitting.item)
            missing = missing_marks(item, marks)
            if missing and not sitting.warned:
                told = html.told_html(
                    f"Not marked yet: {', '.join(missing)}.", "Mark it, or save again to leave it out."
                )
                warned = replace(sitting, warned=True)
                screen = self._shown(warned, queue, item, desk)
                return replace(screen, marks=None, note=told, status="Some marks are missing")
            desk.rate(sitting.queue, _rating(sitting, marks))
            return self._next(replace(sitting, warned=False), html.told_html(""))

        return self._guarded(sitting, saved, keep=True)

    def later(self, sitting: Sitting) -> Screen:
        """The page with the next answer; this one comes back at the end."""
        put_off = (*(name for name in sitting.later if name != sitting.item), sitting.item)
        told = html.told_html("This answer comes back at the end.", good=True)
        return self._guarded(
            sitting, lambda: self._next(replace(sitting, later=put_off, warned=False), told), keep=True
        )

    def undo(self, sitting: Sitting) -> Screen:
        """The page with the answer that was rated last, and its marks, to mend."""

        def undone() -> Screen:
            desk = self.desk()
            task = desk.take_back(sitting.queue, sitting.rater)
            if task.item is None or task.before is None:
                raise InputError("There is no rating of yours to take back.")
            back = replace(sitting, item=task.item.item, settling=False, warned=False)
            screen = self._shown(back, task.queue, task.item, desk)
            told = html.told_html("Your last rating is open again. Mend it and save.", good=True)
            return replace(screen, marks=_marks(task.before), note=told)

        return self._guarded(sitting, undone, keep=True)

    def export(self, sitting: Sitting, kind: str) -> Screen:
        """The page with a file to save: `csv`, `jsonl`, or the empty `sheet` to fill in elsewhere."""

        def exported() -> Screen:
            desk = self.desk()
            queue, ratings = desk.queue(sitting.queue), desk.ratings(sitting.queue)
            if kind == "sheet":
                name, told, text = f"{queue.name}-sheet.csv", "text/csv", sheet_csv(queue.sheet)
            elif kind == "csv":
                name, told, text = f"{queue.name}-ratings.csv", "text/csv", ratings_csv(ratings)
            else:
                name, told, text = (
                    f"{queue.name}-ratings.jsonl", "application/x-ndjson", ratings_jsonl(ratings)
                )  # fmt: skip
            note = html.told_html(f"{name} is on its way to your downloads.", good=True)
            return replace(self._files(sitting), file=saved_file(name, told, text.encode("utf-8")), note=note)

        return self._guarded(sitting, exported, panel="files")

    def take_in(self, sitting: Sitting, text: str) -> Screen:
        """The page after ratings made in a file were pasted; all count as this rater's."""

        def taken() -> Screen:
            desk = self.desk()
            items = [item.item for item in desk.queue(sitting.queue).sheet.items]
            if not text.strip():
                raise InputError("There is nothing to take in.", hint="Paste the text of a filled-in sheet.")
            count = desk.take_in(sitting.queue, pasted_ratings(text, rater=sitting.rater, items=items))
            note = html.told_html(f"{plural(count, 'rating')} taken in as yours.", good=True)
            return replace(self._files(sitting), note=note)

        return self._guarded(sitting, taken, panel="files")

    def _rater(self, name: str, principal: str) -> str:
        who = plain_text(name.strip(), what="The name")[:LONGEST_NAME] if self._by_name else principal
        if not who:
            raise InputError("Say who rates.", hint="Type a name; only a code made from it is kept.")
        kind = "name" if self._by_name else "principal"
        return rater_hash(f"{kind} {who}", salt=self._assistant.opinions.salt)

    def _next(self, sitting: Sitting, note: str) -> Screen:
        desk = self.desk()
        if sitting.settling:
            return self._next_difference(sitting, desk, note)
        task = desk.task(sitting.queue, sitting.rater, later=sitting.later)
        if task.item is None:
            told = html.progress_html(task)
            return Screen(sitting, "rate", None, progress=told, note=note, status="All answers are rated")
        now = replace(sitting, item=task.item.item)
        return replace(self._shown(now, task.queue, task.item, desk), note=note)

    def _next_difference(self, sitting: Sitting, desk: ReviewDesk, note: str) -> Screen:
        found = [d for d in desk.differences(sitting.queue) if d.item.item not in sitting.later]
        late = [d for d in desk.differences(sitting.queue) if d.item.item in sitting.later]
        left = [d for d in (*found, *late) if d.settled is None]
        if not left:
            told = html.told_html("There is no difference left to settle.", good=True)
            return Screen(sitting, "rate", None, note=told, status="Nothing left to settle")
        now = replace(sitting, item=left[0].item.item)
        return replace(self._shown(now, desk.queue(sitting.queue), left[0].item, desk), note=note)

    def _shown(self, sitting: Sitting, queue: Queue, item: Item, desk: ReviewDesk) -> Screen:
        """The form for an item, with the words of other raters only while a difference is settled."""
        beside, marks = "", Marks()
        if sitting.settling:
            every = desk.differences(sitting.queue)
            difference = next((d for d in every if d.item.item == item.item), None)
            left = sum(d.settled is None for d in every)
            task = Task(queue=queue, item=item, done=len(every) - left, total=len(every))
            beside = html.others_html(difference) if difference else ""
            marks = _agreed(difference) if difference else marks
        else:
            task = replace(desk.task(sitting.queue, sitting.rater), item=item)
        return Screen(
            sitting,
            "rate",
            item,
            queue.pair,
            progress=html.progress_html(task, settling=sitting.settling),
            beside=beside,
            marks=marks,
            status=f"Answer {task.place}",
        )

    def _agreement(self, sitting: Sitting) -> Screen:
        desk = self.desk()
        queue, ratings = desk.queue(sitting.queue), desk.ratings(sitting.queue)
        differences = desk.differences(sitting.queue)
        settled = sum(d.settled is not None for d in differences)
        table = html.agreement_html(
            agreement_rows(ratings, pair=queue.pair),
            reviewed(ratings, key=queue.sheet.key if queue.pair else None),
            settled=settled,
            open_now=len(differences) - settled,
        )
        return Screen(sitting, "agreement", table=table, status="Agreement shown")

    def _files(self, sitting: Sitting) -> Screen:
        return Screen(sitting, "files", status="Files")

    def _guarded(self, sitting: Sitting, step: Any, *, keep: bool = False, panel: str = "") -> Screen:
        """The screen of a step, or a note where it failed; `keep` leaves form and marks as they are."""
        try:
            screen: Screen = step()
            return screen
        except Exception as error:  # a web handler: the reader gets a sentence, the log gets the class
            sentence, hint = fault_words(error, unexpected=_UNEXPECTED)
        note = html.told_html(sentence, hint)
        if keep:
            return Screen(sitting, "keep", marks=None, note=note, status=sentence)
        return Screen(sitting, panel, note=note, status=sentence)


def missing_marks(item: Item, marks: Marks) -> list[str]:
    """What a whole rating of this item would still need, in the words of the form."""
    if len(item.answers) > 1:
        return [] if marks.choice else ["which answer is better"]
    missing = [f"sentence {n}" for n in ratable(item) if n not in marks.sentences]
    return missing + [html.SCALE_NAMES[scale] for scale in scales_for(item) if scale not in marks.scales]


def ratable(item: Item) -> tuple[int, ...]:
    """Numbers of the sentences that cite words, as far as the form reaches."""
    if len(item.answers) > 1:
        return ()
    sentences = item.answers[0]["sentences"][:MOST_SENTENCES]
    return tuple(n for n, sentence in enumerate(sentences, start=1) if sentence["cites"])


def _rating(sitting: Sitting, marks: Marks) -> Rating:
    return Rating(
        item=sitting.item,
        rater=sitting.rater,
        scales={scale: marks.scales[scale] for scale in SCALES if scale in marks.scales},
        sentences=dict(sorted(marks.sentences.items())),
        choice=marks.choice,
        comment=plain_text(marks.comment.strip(), what="The comment")[:LONGEST_COMMENT],
        settled=sitting.settling,
    )


def _marks(rating: Rating) -> Marks:
    return Marks(rating.scales, rating.sentences, rating.choice, rating.comment)


def _agreed(difference: Difference) -> Marks:
    """The marks that all raters of an item share already."""
    first, *others = difference.ratings
    return Marks(
        {k: v for k, v in first.scales.items() if all(r.scales.get(k) == v for r in others)},
        {k: v for k, v in first.sentences.items() if all(r.sentences.get(k) == v for r in others)},
        first.choice if all(r.choice == first.choice for r in others) else None,
    )
