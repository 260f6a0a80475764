"""The command line: reads arguments, opens the assistant, prints what it returns.

Exit codes:
    0    done; a refusal with its reason is an answer too
    1    a check did not hold (verify, doctor, evaluate, compare), a file was not read, or something broke
    2    what was handed in or set cannot be used
    3    not ready: nothing is indexed, or a model file is missing (compare: too few cases)
    4    another process owns the data folder
    5    the disk or the store failed
    130  interrupted
    141  the reader of our output went away

Errors are a sentence and a hint on standard error; with --json also an object on standard output.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant import __version__
from assistant.cli_advice import add_advice_commands
from assistant.cli_evaluation import add_evaluation_commands
from assistant.errors import AssistantError, InputError, SettingsError
from assistant.session import (
    Session,
    batch,
    build_assistant,
    only_one,
    print_json,
    read_in,
    terminal,
    unforeseen,
)
from assistant.wire import Json, error_json

if TYPE_CHECKING:
    from assistant.engine import Assistant
    from assistant.inputs import Request
    from assistant.settings import Settings

BAD_INPUT, INTERRUPTED, READER_GONE = 2, 130, 141

app = typer.Typer(
    name="assistant",
    add_completion=False,
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Answers questions on sharing knowledge between organisations, with the evidence for each claim.",
)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]
Batch = Annotated[
    str | None,
    typer.Option(
        "--jsonl", metavar="FILE", help="Read one question a line as JSON ('-' for standard input)."
    ),
]


def main() -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str], *, build: Callable[[Settings], Assistant] = build_assistant) -> int:
    """Run one command and return its exit code. `build` makes the assistant from settings."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        command = typer.main.get_command(app)
        code = command.main(list(arguments), prog_name="assistant", standalone_mode=False, obj=build)
        sys.stdout.flush()
        return int(code or 0)
    except BrokenPipeError:
        return _reader_gone()
    except SystemExit as leaving:
        # The command framework turns a broken pipe into a plain exit.
        return _reader_gone() if isinstance(leaving.__context__, BrokenPipeError) else int(leaving.code or 0)
    except typer.Abort:
        return INTERRUPTED
    except (AssistantError, typer.TyperException) as error:
        return _report(error, as_json="--json" in arguments)
    except Exception as error:
        traceback.print_exc()
        return _report(unforeseen(error), as_json="--json" in arguments)


def _reader_gone() -> int:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return READER_GONE


def _report(error: AssistantError | typer.TyperException, *, as_json: bool) -> int:
    from assistant.console import show_error

    if isinstance(error, AssistantError):
        sentence, hint, code = error.sentence, error.hint, error.exit_code
    else:
        sentence, hint, code = (
            error.format_message(),
            "Run 'assistant --help' to see what can be said.",
            BAD_INPUT,
        )
    if as_json:
        print_json(error_json(sentence, hint))
    show_error(terminal(stderr=True), sentence, hint)
    return code


@app.callback(invoke_without_command=True)
def assistant(
    context: typer.Context,
    data_dir: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Folder for the library and its index. [default: ASSISTANT_DATA_DIR]"
        ),
    ] = None,
    version: Annotated[bool, typer.Option("--version", help="Print the version and leave.")] = False,
) -> int:
    """Keep what every command shares."""
    if version:
        print(f"assistant {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        print(context.get_help())
        raise typer.Exit(BAD_INPUT)
    context.obj = Session(build=context.obj, data_dir=data_dir)
    return 0


@app.command()
def ask(
    context: typer.Context,
    question: Annotated[str | None, typer.Argument(help="What you want to know, in quotes.")] = None,
    as_json: AsJson = False,
    jsonl: Batch = None,
) -> int:
    """Answer a question, with a citation for every claim."""
    from assistant.console_advice import show_answer
    from assistant.wire import answer_json

    session: Session = context.obj
    if jsonl is not None:
        only_one(question, jsonl)

        def reply(open_assistant: Assistant, request: Request) -> Json:
            answer = open_assistant.answer(request.question, turns=request.turns, id=request.name)
            return answer_json(answer)

        return batch(session, jsonl, reply)
    text = only_one(question, jsonl)
    with session.assistant() as open_assistant:
        answer = open_assistant.answer(text)
        if as_json:
            print_json(answer_json(answer))
        else:
            sources = {id: open_assistant.source(id) for id in sorted(answer.cited | answer.cited_in_advice)}
            show_answer(terminal(), answer, sources)
    return 0


@app.command()
def search(
    context: typer.Context,
    question: Annotated[str | None, typer.Argument(help="What to look for, in quotes.")] = None,
    k: Annotated[int, typer.Option("--k", min=1, max=1000, help="Most passages to return.")] = 10,
    as_json: AsJson = False,
    jsonl: Batch = None,
) -> int:
    """List the passages nearest to a question."""
    from assistant.console import show_hits
    from assistant.wire import hits_json

    session: Session = context.obj
    if jsonl is not None:
        only_one(question, jsonl)

        def reply(open_assistant: Assistant, request: Request) -> Json:
            return hits_json(request.name, open_assistant.search(request.question, k=k))

        return batch(session, jsonl, reply, alias="query")
    text = only_one(question, jsonl)
    with session.assistant() as open_assistant:
        evidence = open_assistant.search(text, k=k)
        if as_json:
            print_json(hits_json(None, evidence))
        else:
            show_hits(terminal(), evidence)
    return 0


@app.command()
def ingest(
    context: typer.Context,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[PATH]...", help="Files or folders; none: the bundled corpus."),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Read studies, transcripts or records into the library."""
    from assistant.console import show_ingest
    from assistant.wire import ingest_json

    session: Session = context.obj
    chosen = paths or [session.settings().corpus_dir]
    missing = [path for path in chosen if not path.exists()]
    if missing:
        raise InputError(f"There is no file or folder {missing[0]}.", hint="Check the path.")
    with session.assistant(first_use=False) as open_assistant:
        report = read_in(open_assistant, chosen)
    if as_json:
        print_json(ingest_json(report))
    else:
        show_ingest(terminal(), report)
    return 1 if report.count("failed") else 0


@app.command()
def verify(
    context: typer.Context,
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="A receipt, or an answer that holds one ('-').")
    ],
    as_json: AsJson = False,
) -> int:
    """Check an answer's receipt against the library, offline."""
    from assistant.console import show_receipt_check
    from assistant.inputs import handed
    from assistant.wire import receipt_check_json

    session: Session = context.obj
    receipt, answer = handed(file)
    with session.assistant(first_use=False) as open_assistant:
        check = open_assistant.verify(receipt, answer=answer)
    if as_json:
        print_json(receipt_check_json(check))
    else:
        show_receipt_check(terminal(), check)
    return 0 if check.holds else 1


@app.command()
def serve(
    context: typer.Context,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = None,
) -> int:
    """Serve the page and the HTTP interface until you press Ctrl-C."""
    session: Session = context.obj
    settings = session.settings()
    from assistant.web.options import WebOptions
    from assistant.web.serve import check_options
    from assistant.web.serve import serve as listen

    chosen = settings.web.model_dump(exclude={"port"})
    chosen |= {"bind_host": host or settings.web.bind_host, "review_folder": str(settings.review_folder)}
    options = WebOptions(**chosen)
    check_options(options)
    with session.assistant() as open_assistant:
        listen(open_assistant, options=options, port=settings.web.port if port is None else port)
    return 0


@app.command()
def doctor(context: typer.Context, as_json: AsJson = False) -> int:
    """Check model, index, disk, lock and settings; name each cure."""
    from assistant.console import show_checks
    from assistant.domain.reports import Check
    from assistant.wire import checks_json

    session: Session = context.obj
    try:
        with session.assistant(first_use=False) as open_assistant:
            checks: tuple[Check, ...] = open_assistant.doctor()
    except AssistantError as error:
        name = "settings" if isinstance(error, SettingsError) else "library"
        checks = (Check(name, "fault", error.sentence, error.hint),)
    if as_json:
        print_json(checks_json(checks))
    else:
        show_checks(terminal(), checks)
    return 1 if any(check.level == "fault" for check in checks) else 0


add_advice_commands(app)
add_evaluation_commands(app)
