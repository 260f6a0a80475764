"""Commands for evaluators: run suites, compare, export, judge and review. Beside `cli.py`, whose rules hold.

They read arguments and print what they are handed; the work is done in `evaluation/`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from assistant.session import Session, counting, print_json, terminal
from assistant.wire import dumps

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]


review = typer.Typer(
    rich_markup_mode=None, help="Let people rate answers blind: make a queue, read ratings in, see agreement."
)


def add_evaluation_commands(app: typer.Typer) -> None:
    """Add the commands of this file to the command line."""
    for command in (evaluate, compare, export, judge, benches):
        app.command()(command)
    app.add_typer(review, name="review")


def evaluate(
    context: typer.Context,
    suite: Annotated[str, typer.Argument(help="Name of a suite, or the path of one.")] = "bundled",
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the run and its reports.")] = Path(
        "run"
    ),
    queue: Annotated[
        str, typer.Option("--review", metavar="NAME", help="Also put answers in a queue of the Review page.")
    ] = "",
    show: Annotated[
        bool, typer.Option("--open", help="Open the page in the browser when it is made.")
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Put a suite of cases to the assistant and write a report anyone can read."""
    from assistant.evaluation.commands import evaluate_suite
    from assistant.evaluation.review_commands import make_queue
    from assistant.evaluation.review_queue import checked_name
    from assistant.settings import bundled

    session: Session = context.obj
    if queue:
        checked_name(queue)
    with session.assistant() as open_assistant, counting(terminal(stderr=True)) as progress:
        done = evaluate_suite(suite, open_assistant, evals=bundled("evals"), out=out, progress=progress)
    if as_json:
        print_json(done.run.summary)
    else:
        print((out / "report.md").read_text(encoding="utf-8"))
        print(f"The page is {done.reports[0]}.")
    if show:
        import webbrowser

        webbrowser.open(done.reports[0].absolute().as_uri())
    if queue:
        place, size = make_queue([out], session.settings().review_folder, name=queue)
        _to_stderr(f"{size} answers wait on the Review page in the queue {place.name}.")
    return done.exit_code


def benches(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="Folder that holds one folder for each public set.")],
    work: Annotated[Path, typer.Option(metavar="DIR", help="Where collections are read in and kept.")] = Path(
        "benches"
    ),
    only: Annotated[
        list[str] | None, typer.Option(metavar="SET", help="Only this set. May be repeated.")
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Measure the assistant on public sets and print our row beside the published ones."""
    import time

    from assistant.evaluation.benches import BENCHES, NAMES, table, table_json
    from assistant.evaluation.commands import measure_benches

    session: Session = context.obj
    for name in only or ():
        BENCHES.load(name)
    measured, started = [], time.perf_counter()
    with session.assistant() as open_assistant:
        for found in measure_benches(
            folder,
            open_assistant,
            build=lambda data: session.build(Session(session.build, data).settings()),
            work=work,
            names=only or NAMES,
        ):
            measured.append(found)
            print(f"{found.bench}: {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)
            started = time.perf_counter()
    if as_json:
        print_json(table_json(measured))
    else:
        print(table(measured))
    return 0


def export(
    context: typer.Context,
    run: Annotated[Path, typer.Argument(help="The run, as `assistant evaluate` wrote it.")],
    form: Annotated[
        list[str],
        typer.Option(
            metavar="FORM", help="ragas, deepeval, inspect_ai, promptfoo, trec or baseline. May be repeated."
        ),
    ],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the files.")] = Path("export"),
    as_json: AsJson = False,
) -> int:
    """Write a run in the form another evaluation tool reads, or as a baseline; nothing is asked again."""
    from assistant.evaluation.export import checked_form
    from assistant.evaluation.export import export as write

    del context
    for name in form:
        checked_form(name)
    written = [str(path) for name in form for path in write(run, name, out)]
    if as_json:
        print_json({"written": written})
    else:
        print("\n".join(written))
    return 0


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


def judge(
    context: typer.Context,
    run: Annotated[Path, typer.Argument(help="The run to judge, as `assistant evaluate` wrote it.")],
    model: Annotated[str, typer.Option(metavar="PROVIDER:NAME", help="The chat model that judges.")],
    before: Annotated[
        Path | None, typer.Option(metavar="RUN", help="An earlier run, to choose between the two.")
    ] = None,
    bench: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder of public sets. [default: ASSISTANT_BENCH_DIR]")
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Let a chat model judge a run, if it agrees with people on two public sets; else refuse."""
    from assistant.evaluation.judge_commands import judge_suite_run, judge_two_runs, make_judge
    from assistant.settings import bundled

    session: Session = context.obj
    settings = session.settings()
    language = settings.language
    judge_of = make_judge(
        model,
        base_url=language.base_url,
        api_key=language.api_key.get_secret_value(),
        prompts=bundled("prompts"),
        cache=settings.data_dir / "judge" / "verdicts.jsonl",
    )
    folder = bench or (Path(settings.bench_dir) if settings.bench_dir else None)
    with counting(terminal(stderr=True)) as progress:
        if before is None:
            done = judge_suite_run(judge_of, run, bench=folder, tell=_to_stderr, progress=progress)
        else:
            done = judge_two_runs(judge_of, before, run, bench=folder, tell=_to_stderr, progress=progress)
    print(dumps(done.as_json, indent=2) if as_json else done.text, flush=True)
    return 0


def _to_stderr(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


Queue = Annotated[str, typer.Argument(help="Name of the queue; `from-the-chat` for what readers said.")]


@review.command("make")
def review_make(
    context: typer.Context,
    runs: Annotated[list[Path], typer.Argument(metavar="RUN [RUN]", help="One run, or two side by side.")],
    name: Annotated[str, typer.Option(help="Name of the queue, which raters see.")],
    most: Annotated[int, typer.Option(min=1, help="Most answers.")] = 50,
    seed: Annotated[int, typer.Option(help="Draws the order, and the sides of a pair.")] = 20260101,
) -> int:
    """Put the answers of a run in a queue for the Review page, in a drawn order."""
    from assistant.evaluation.review_commands import make_queue

    session: Session = context.obj
    place, size = make_queue(runs, session.settings().review_folder, name=name, most=most, seed=seed)
    print(f"{size} answers wait in {place}. Keep its key.json from the raters.")
    return 0


@review.command("import")
def review_import(
    context: typer.Context,
    queue: Queue,
    file: Annotated[Path, typer.Argument(help="A filled-in sheet (.csv), or ratings (.jsonl).")],
    rater: Annotated[
        str | None, typer.Option(help="Who rated; only a code is kept. Without: the rows hold codes.")
    ] = None,
) -> int:
    """Take ratings made in a file into a queue."""
    from assistant.evaluation.review_commands import import_ratings

    session: Session = context.obj
    folder = session.settings().review_folder
    with session.assistant(first_use=False) as opened:
        count = import_ratings(queue, file, rater=rater, folder=folder, opinions=opened.opinions)
    print(f"{count} ratings taken in.")
    return 0


@review.command("export")
def review_export(
    context: typer.Context,
    queue: Queue,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the files.")] = Path("review"),
) -> int:
    """Write the empty sheet and all ratings as files."""
    from assistant.evaluation.review_commands import export_ratings

    session: Session = context.obj
    folder = session.settings().review_folder
    with session.assistant(first_use=False) as opened:
        for path in export_ratings(queue, out, folder=folder, opinions=opened.opinions):
            print(path)
    return 0


@review.command("agreement")
def review_agreement(context: typer.Context, queue: Queue, as_json: AsJson = False) -> int:
    """Show how far raters agree: raw agreement, kappa and alpha with intervals."""
    from assistant.evaluation.review_commands import agreement_json, agreement_text, queue_agreement

    session: Session = context.obj
    folder = session.settings().review_folder
    with session.assistant(first_use=False) as opened:
        rows = queue_agreement(queue, folder=folder, opinions=opened.opinions)
    if as_json:
        print_json({"queue": queue, "agreement": agreement_json(rows)})
    else:
        print(agreement_text(rows))
    return 0
