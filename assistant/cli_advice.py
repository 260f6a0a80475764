"""The command that advises on a situation and turns advice into a plan. Beside `cli.py`; decides nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.errors import InputError, StorageError
from assistant.session import Session, batch, only_one, print_json, terminal
from assistant.wire import Json

if TYPE_CHECKING:
    from assistant.domain.plan import Plan
    from assistant.engine import Assistant
    from assistant.inputs import Request

PLAN_ENDINGS = (".md", ".docx")
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]


def add_advice_commands(app: typer.Typer) -> None:
    """Add the commands of this file to the command line."""
    app.command()(recommend)


def recommend(
    context: typer.Context,
    situation: Annotated[str | None, typer.Argument(help="What you face, in quotes.")] = None,
    all_cards: Annotated[bool, typer.Option("--all", help="Every mechanism, in rank order.")] = False,
    as_json: AsJson = False,
    jsonl: Annotated[
        str | None,
        typer.Option(
            "--jsonl", metavar="FILE", help="Read one situation a line as JSON ('-' for standard input)."
        ),
    ] = None,
    plan: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Also write a plan, one page for each mechanism: .md or .docx."),
    ] = None,
    start: Annotated[
        str, typer.Option(metavar="DATE", help="Day the plan starts, as 2027-01-31. [default: today]")
    ] = "",
    mechanism: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="Plan this mechanism; may be given again. [default: as advised]"),
    ] = None,
) -> int:
    """Advise on a situation: mechanisms with what speaks for and against each here."""
    from assistant.console_advice import show_advice
    from assistant.wire_advice import advice_json

    session: Session = context.obj
    begins = _checked(plan, start, jsonl)
    if plan is None and (start or mechanism):
        raise InputError("--start and --mechanism go with --plan.", hint="Add --plan FILE.docx or FILE.md.")
    text = only_one(situation, jsonl, what="situation", command="recommend")
    if jsonl is not None:

        def reply(open_assistant: Assistant, request: Request) -> Json:
            advice = open_assistant.recommend(request.question, id=request.name)
            return advice_json(advice, all_cards=all_cards)

        return batch(session, jsonl, reply, alias="situation")
    with session.assistant() as open_assistant:
        advice = open_assistant.recommend(text)
        if plan is not None:
            from assistant.framework.plan import make_plan

            catalogue = open_assistant.catalogue
            write_plan(make_plan(advice, catalogue, start=begins, mechanisms=mechanism or ()), plan)
        if as_json:
            print_json(advice_json(advice, all_cards=all_cards))
        else:
            show_advice(terminal(), advice, all_cards=all_cards)
    if plan is not None:
        print_note(f"The plan is in {plan}.")
    return 0


def _checked(plan: Path | None, start: str, jsonl: str | None) -> date:
    """The day the plan starts. Raises InputError for a file name, a date or a mix that cannot be used."""
    if plan is not None and plan.suffix.lower() not in PLAN_ENDINGS:
        raise InputError(
            f"A plan cannot be written as {plan.name}.", hint="Give a file that ends in .md or .docx."
        )
    if plan is not None and jsonl is not None:
        raise InputError("--plan goes with one situation, not with --jsonl.", hint="Leave one of them out.")
    try:
        return date.fromisoformat(start) if start else date.today()
    except ValueError as error:
        raise InputError(
            f"{start!r} is not a date.", hint="Write year, month and day: 2027-01-31."
        ) from error


def write_plan(plan: Plan, file: Path) -> None:
    """Write a plan as Word or Markdown, by the ending of the file. Raises StorageError if it cannot."""
    if file.suffix.lower() == ".docx":
        from assistant.word import plan_docx

        content = plan_docx(plan)
    else:
        from assistant.wire_plan import plan_markdown

        content = plan_markdown(plan).encode()
    try:
        file.write_bytes(content)
    except OSError as error:
        raise StorageError(
            f"The plan could not be written to {file}.", hint="Check the folder and the room on the disk."
        ) from error


def print_note(words: str) -> None:
    """Say something to the person, where scripts do not read."""
    terminal(stderr=True).print(words, soft_wrap=True)
