"""What people see in a terminal: answers, findings, reports and errors, drawn with rich.

Shows what it is given and decides nothing. Every text is made printable first: a file that was read may hold
control characters that would steer the terminal.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from rich.console import Console, Group, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from assistant.domain.answers import Answer, Citation, State, Statement, StatementKind
from assistant.domain.evidence import Evidence
from assistant.domain.reports import Check, IngestReport, ReceiptCheck, Source
from assistant.wire import KIND_LABELS, citations, fingerprint, open_gaps, reference, sections

_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_KIND_STYLES: Mapping[StatementKind, str] = {
    StatementKind.REPORTED: "green",
    StatementKind.INFERENCE: "cyan",
    StatementKind.ADVICE: "magenta",
    StatementKind.YOUR_INPUT: "blue",
    StatementKind.CONSTRUCTED: "yellow",
}
_STATES: Mapping[State, str] = {
    State.GROUNDED: "The evidence answers this.",
    State.PARTLY_GROUNDED: "The evidence answers this in part.",
    State.REFUSED: "The evidence does not answer this.",
}
_LEVELS = {"ok": "green", "warning": "yellow", "fault": "red"}

Progressing = Callable[[str, int, int], None]


def printable(text: str) -> str:
    """`text` with every character that could steer a terminal or turn the reading order shown as a box."""
    return _UNPRINTABLE.sub("\ufffd", text)


def show_answer(
    console: Console,
    answer: Answer,
    sources: Mapping[str, Source],
    *,
    advice: Callable[[], None] | None = None,
    cited: Sequence[Citation] | None = None,
) -> None:
    """Print the answer: statements under headings with their kinds, gaps, follow-ups, numbered sources.

    `advice` prints the cards of an answer that has any; `cited` are the citations to list, all without it.
    """
    console.print(Text(printable(answer.question), style="bold"))
    console.print(Text(f"{_STATES[answer.state]}\n", style="dim"))
    if not answer.statements and answer.because:
        console.print(Text(f"{printable(answer.because)}\n"))
    for heading, statements in sections(answer):
        if heading:
            console.print(_heading(heading))
        for statement in statements:
            console.print(row("\u2022", _statement(statement)) if heading else _statement(statement))
        console.print()
    if advice is not None:
        advice()
    _show_list(console, "What the evidence does not tell", open_gaps(answer))
    _show_list(console, "You could ask next", answer.follow_ups)
    _show_sources(console, citations(answer) if cited is None else cited, sources)
    console.print(Text(f"\nReceipt {fingerprint(answer)[:16]}", style="dim"))


def _heading(text: str) -> Text:
    return Text(printable(text), style="bold underline")


def _statement(statement: Statement) -> Text:
    marks = "".join(f" [{citation.marker}]" for citation in statement.citations)
    return Text.assemble(
        printable(statement.text),
        (marks, "bold"),
        (f"  {KIND_LABELS[statement.kind]}", f"italic {_KIND_STYLES[statement.kind]}"),
    )


def _show_list(console: Console, heading: str, items: Sequence[str]) -> None:
    if not items:
        return
    console.print(_heading(heading))
    for item in items:
        console.print(row("\u2022", Text(printable(item))))
    console.print()


def row(mark: str, body: RenderableType) -> Table:
    """A list item: `mark`, and `body` with its later lines under its first."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(justify="right", min_width=3)
    grid.add_column()
    grid.add_row(Text(mark, style="bold"), body)
    return grid


def _show_sources(console: Console, cited: Sequence[Citation], sources: Mapping[str, Source]) -> None:
    """Each source by number; a study is described once, and named by its first number after that."""
    if cited:
        console.print(_heading("Sources"))
    first: dict[str, int] = {}
    for citation in cited:
        source = sources.get(citation.passage_id)
        lines = [f"\u201c{citation.quote}\u201d"]
        if source and source.study:
            marker = first.setdefault(source.study.id, citation.marker)
            again = f"The same study as [{marker}]."
            lines.append(reference(source.study) if marker == citation.marker else again)
        elif source and source.passage.title:
            lines.append(source.passage.title)
        quote, *about = (Text(printable(line)) for line in (*lines, citation.passage_id))
        for line in about:
            line.stylize("dim")
        console.print(row(f"[{citation.marker}]", Group(quote, *about)))


def show_hits(console: Console, evidence: Sequence[Evidence]) -> None:
    """Print what a search found, best first."""
    if not evidence:
        console.print("Nothing was found.")
    for found in evidence:
        passage = found.passage
        name = " ".join(part for part in (passage.record_id, passage.study_id, passage.id) if part)
        label = Text(printable(f"{found.score:.4f}  {name}"), style="dim")
        if passage.constructed:
            label.append(f"  {KIND_LABELS[StatementKind.CONSTRUCTED]}", style="yellow")
        console.print(row(f"{found.rank}.", Group(Text(printable(passage.text)), label)))


def show_ingest(console: Console, report: IngestReport) -> None:
    """Print what was read, and every item that was skipped or failed with its reason."""
    for outcome, style in (("failed", "red"), ("skipped", "yellow")):
        for item in report.items:
            if item.outcome == outcome:
                console.print(
                    Text.assemble((outcome, style), f"  {printable(item.origin)}: {printable(item.reason)}")
                )
    outcomes = ("added", "updated", "unchanged", "removed", "skipped", "failed")
    console.print(", ".join(f"{report.count(outcome)} {outcome}" for outcome in outcomes) + ".")
    rate = report.new_passages / report.seconds if report.seconds > 0 else 0.0
    console.print(
        f"{report.new_passages} new passages in {report.seconds:.1f} s ({rate:.0f} a second); "
        f"{report.total_passages} in the library."
    )


def show_checks(console: Console, checks: Sequence[Check]) -> None:
    """Print each check with its level; a fault is followed by its cure."""
    for check in checks:
        line = Text.assemble(
            (f"{check.level:8}", _LEVELS.get(check.level, "")),
            f"{printable(check.name)}: {printable(check.sentence)}",
        )
        console.print(line)
        if check.cure:
            console.print(Text(f"        {printable(check.cure)}", style="bold"))


def show_receipt_check(console: Console, check: ReceiptCheck) -> None:
    """Print whether a receipt holds, and name each fault if it does not."""
    if check.holds:
        console.print(Text(f"The receipt holds: {check.passages_checked} passages checked.", style="green"))
    else:
        console.print(Text(f"The receipt does not hold; {len(check.faults)} found wrong.", style="red"))
    for sentence in (*check.faults, *check.notes):
        console.print(row("\u2022", Text(printable(sentence))))


def show_error(console: Console, sentence: str, hint: str) -> None:
    """Print an error: what is wrong in red, what to do about it below."""
    console.print(Text(printable(sentence), style="red"))
    if hint:
        console.print(Text(printable(hint)))


@contextmanager
def progress(console: Console) -> Iterator[Progressing]:
    """Yield a function of (what is being done, done, total) that draws a bar with rate and remaining time.

    A total of 0 means that it is not known. Draws nothing unless the console is a terminal.
    """
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        tasks: dict[str, object] = {}

        def advance(doing: str, done: int, total: int) -> None:
            if doing not in tasks:
                tasks[doing] = bar.add_task(printable(doing), total=total or None, rate="")
            task = next(task for task in bar.tasks if task.id == tasks[doing])
            rate = f"{task.speed:.0f}/s" if task.speed else ""
            bar.update(task.id, completed=done, total=total or None, rate=rate)

        yield advance
