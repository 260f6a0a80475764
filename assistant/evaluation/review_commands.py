"""What the command line offers for reviews: make a queue, read ratings in, write them out, show agreement."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Protocol

from assistant.domain.feedback import Feedback
from assistant.errors import InputError
from assistant.evaluation.records import Json, read_run
from assistant.evaluation.review import make_sheet, sheet_csv, write_sheet
from assistant.evaluation.review_agreement import AgreementRow, agreement_rows
from assistant.evaluation.review_files import read_ratings, write_ratings
from assistant.evaluation.review_queue import Ratings, ReviewDesk, checked_name
from assistant.evaluation.statistics import SEED

MOST = 50
"""Answers in a queue, if nothing else is said."""


class Opinions(Protocol):
    """Where ratings and feedback are kept."""

    @property
    def ratings(self) -> Ratings:
        """The ratings."""

    @property
    def salt(self) -> str:
        """What names are hashed with."""

    def feedback(self) -> tuple[Feedback, ...]:
        """What readers said, oldest first."""


def make_queue(
    runs: Sequence[Path], folder: Path, *, name: str, most: int = MOST, seed: int = SEED
) -> tuple[Path, int]:
    """Put the answers of one run, or of two side by side, in a queue of that name; its folder and its size.

    Raises InputError if there is such a queue already, for a bad name, or for runs without answers.
    """
    target = folder / checked_name(name)
    if target.exists():
        raise InputError(
            f"There is a queue called '{name}' already.",
            hint="Choose another name, so that no rating is lost.",
        )
    systems = {f"{place}: {path.name}": read_run(path)[1] for place, path in enumerate(runs, start=1)}
    sheet = make_sheet(systems, seed=seed, most=most)
    part = folder / f".{name}.part"
    shutil.rmtree(part, ignore_errors=True)
    write_sheet(sheet, part)
    part.rename(target)
    return target, len(sheet.items)


def review_desk(folder: Path, opinions: Opinions) -> ReviewDesk:
    """The desk over the queues of a folder and what is kept."""
    return ReviewDesk(folder=folder, ratings=opinions.ratings, feedback=opinions.feedback())


def import_ratings(queue: str, path: Path, *, rater: str | None, folder: Path, opinions: Opinions) -> int:
    """Take ratings from a filled-in sheet into a queue, and say how many; None: rows name their rater's hash.

    Raises InputError or CorpusError, and then takes none in.
    """
    desk = review_desk(folder, opinions)
    items = [item.item for item in desk.queue(queue).sheet.items]
    name = None if rater is None else f"name {rater}"
    return desk.take_in(queue, read_ratings(path, rater=name, salt=opinions.salt, items=items))


def export_ratings(queue: str, out: Path, *, folder: Path, opinions: Opinions) -> tuple[Path, ...]:
    """Write the sheet to fill in and all ratings, as a table and as JSON lines, and name the files."""
    desk = review_desk(folder, opinions)
    ratings = desk.ratings(queue)
    out.mkdir(parents=True, exist_ok=True)
    files = (out / "sheet.csv", out / "ratings.csv", out / "ratings.jsonl")
    files[0].write_text(sheet_csv(desk.queue(queue).sheet), encoding="utf-8", newline="")
    for path in files[1:]:
        write_ratings(ratings, path)
    return files


def queue_agreement(queue: str, *, folder: Path, opinions: Opinions) -> tuple[AgreementRow, ...]:
    """How far the raters of a queue agree."""
    desk = review_desk(folder, opinions)
    return agreement_rows(desk.ratings(queue), pair=desk.queue(queue).pair)


def agreement_text(rows: Sequence[AgreementRow]) -> str:
    """The rows as a Markdown table."""
    lines = [
        "| what | rated twice | same mark | kappa [95 %] | alpha [95 %] | meaning |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        raw = "none" if row.raw is None else f"{row.raw:.2f}"
        found = [_told(a.value, a.low, a.high) if a else "not applicable" for a in (row.kappa, row.alpha)]
        lines.append(f"| {row.what} | {row.things} | {raw} | {found[0]} | {found[1]} | {row.reading} |")
    return "\n".join(lines) + "\n"


def agreement_json(rows: Sequence[AgreementRow]) -> list[Json]:
    """The rows as plain data."""
    return [asdict(row) for row in rows]


def _told(value: float | None, low: float | None, high: float | None) -> str:
    if value is None:
        return "not applicable"
    return f"{value:.2f}" + (f" [{low:.2f}, {high:.2f}]" if low is not None else "")
