"""What every command shares: where the data is, how an assistant is opened, how results are printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.wire import Json, dumps

if TYPE_CHECKING:
    from rich.console import Console

    from assistant.domain.reports import IngestReport
    from assistant.engine import Assistant
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
