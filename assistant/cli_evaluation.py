"""Commands for evaluators: run a suite, compare runs. Beside `cli.py`, whose exit codes and errors hold here.

They read arguments and print what they are handed; the work is done in `evaluation/`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assistant.session import Session, counting, print_json, terminal
from assistant.wire import dumps

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]


def add_evaluation_commands(app: typer.Typer) -> None:
    """Add the commands of this file to the command line."""
    for command in (evaluate, compare):
        app.command()(command)


def evaluate(
    context: typer.Context,
    suite: Annotated[str, typer.Argument(help="Name of a suite, or the path of one.")] = "bundled",
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the run and its reports.")] = Path(
        "run"
    ),
    as_json: AsJson = False,
) -> int:
    """Put a suite of cases to the assistant and write a report anyone can read."""
    from assistant.evaluation.commands import evaluate_suite
    from assistant.settings import bundled

    session: Session = context.obj
    with session.assistant() as open_assistant, counting(terminal(stderr=True)) as progress:
        done = evaluate_suite(suite, open_assistant, evals=bundled("evals"), out=out, progress=progress)
    if as_json:
        print_json(done.run.summary)
    else:
        print((out / "report.md").read_text(encoding="utf-8"))
        print(f"The page is {done.reports[0]}.")
    return done.exit_code


def compare(
    context: typer.Context,
    before: Annotated[Path, typer.Argument(help="The earlier run, or a baseline file.")],
    after: Annotated[Path, typer.Argument(help="The later run.")],
    as_json: AsJson = False,
) -> int:
    """Compare two runs of one suite, case by case."""
    from assistant.evaluation.commands import compare_runs
    from assistant.evaluation.compare import comparison_json, comparison_text

    del context
    found = compare_runs(before, after)
    print(dumps(comparison_json(found), indent=2) if as_json else comparison_text(found), flush=True)
    return found.exit_code
