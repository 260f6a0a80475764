"""What every command shares: where the data is, how an assistant is opened, how results are printed.

Knows no command.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import AssistantError, InputError
from assistant.wire import Json, dumps

if TYPE_CHECKING:
    from rich.console import Console

    from assistant.domain.reports import IngestReport
    from assistant.engine import Assistant
    from assistant.inputs import Request
    from assistant.settings import Settings


def build_assistant(settings: Settings) -> Assistant:
    """The assistant of these settings; imports the parts only now."""
    from assistant.assembly import build

    return build(settings)


@dataclass(frozen=True)
class Session:
    """Where the data of one command is, and how an assistant is built."""

    build: Callable[[Settings], Assistant]
    data_dir: Path | None = None

    def settings(self) -> Settings:
        """The settings. Raises SettingsError."""
        from assistant.settings import load_settings

        return load_settings(data_dir=self.data_dir)

    @contextmanager
    def assistant(self, *, first_use: bool = True) -> Iterator[Assistant]:
        """An open assistant; on `first_use` an empty library is filled with the bundled corpus."""
        settings = self.settings()
        assistant = self.build(settings)
        try:
            if first_use and not assistant.ready:
                read_in(assistant, [settings.corpus_dir])
            yield assistant
        finally:
            assistant.close()


def read_in(assistant: Assistant, paths: Sequence[Path]) -> IngestReport:
    """Read files and folders in, with a bar on standard error."""
    from assistant.console import progress

    with progress(terminal(stderr=True)) as advance:
        return assistant.ingest(paths, progress=advance)


@contextmanager
def counting(console: Console) -> Iterator[Callable[[int, int, str], None]]:
    """A bar of cases done, as a function of (done, in all, name of the last one)."""
    from assistant.console import progress

    with progress(console) as advance:
        yield lambda done, total, name: advance("evaluating", done, total)


def terminal(*, stderr: bool = False) -> Console:
    """A console that prints texts as they are: no markup, no emoji, no guessed highlights."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, emoji=False, markup=False)


def print_json(value: Json) -> None:
    """Print one JSON object over several lines."""
    print(dumps(value, indent=2), flush=True)


def only_one(question: str | None, jsonl: str | None, *, what: str = "question", command: str = "ask") -> str:
    """The question in `question`. Raises InputError unless exactly one of the two was given."""
    if (question is None) == (jsonl is None):
        raise InputError(f"Give either a {what} or --jsonl FILE.", hint=f'Example: assistant {command} "..."')
    text = question or ""
    if jsonl is None and not text.strip():
        raise InputError(f"The {what} is empty.", hint="Write it in quotes after the command.")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise InputError(f"The {what} holds bytes that are no text.", hint="Write it in UTF-8.")
    return text


def batch(
    session: Session, file: str, reply: Callable[[Assistant, Request], Json], *, alias: str = ""
) -> int:
    """Answer a file line by line, printing each reply at once. Returns the exit code of the first failure."""
    from assistant.inputs import opened, replies

    worst = 0
    with opened(file) as lines, session.assistant() as open_assistant:

        def guarded(request: Request) -> Json:
            try:
                return reply(open_assistant, request)
            except (AssistantError, OSError):
                raise
            except Exception as error:
                traceback.print_exc()
                raise unforeseen(error) from error

        for record, code in replies(lines, guarded, alias=alias):
            print(dumps(record), flush=True)
            worst = worst or code
    return worst


def unforeseen(error: Exception) -> AssistantError:
    """What to tell about an error that nobody meant to raise."""
    return AssistantError(
        f"Something broke inside the assistant ({type(error).__name__}).",
        hint="Please report it, with the lines printed above.",
    )
