"""What the command line offers of all this: evaluate a suite, compare two runs, measure public sets.

Each function does its work and hands back a value; printing and exit codes are the caller's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from assistant.engine import Assistant
from assistant.evaluation.benches import NAMES, measure_all
from assistant.evaluation.benches.parts import Measured
from assistant.evaluation.compare import Comparison, compare, measured
from assistant.evaluation.live import context_of, ground_of, parts_of
from assistant.evaluation.report import write_reports
from assistant.evaluation.run import Progress, Run, evaluate, write_run
from assistant.evaluation.shelf import Shelf
from assistant.evaluation.suites import load_suite


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A run, where it lies, and the reports made of it (the page first)."""

    run: Run
    folder: Path
    reports: tuple[Path, ...]

    @property
    def exit_code(self) -> int:
        """0 if every gate was kept, else 1."""
        return 1 if self.run.failed_gates else 0


def evaluate_suite(
    suite: str, assistant: Assistant, *, evals: Path, out: Path, progress: Progress | None = None
) -> Evaluated:
    """Run the suite of that name (or the suite file) over the assistant, and write run and reports to `out`.

    A suite file in a folder `suites` brings its own cases, which lie beside that folder; any other picks from
    those in `evals`. Raises InputError for an unknown suite, CorpusError for a broken one.
    """
    path = Path(suite) if suite.endswith((".yaml", ".yml")) else evals / "suites" / f"{suite}.yaml"
    run = evaluate(
        load_suite(path),
        assistant,
        evals=path.absolute().parents[1] if path.absolute().parent.name == "suites" else evals,
        context=context_of(assistant),
        ground=ground_of(assistant),
        progress=progress,
    )
    write_run(run, out)
    return Evaluated(run, out, write_reports(out))


def compare_runs(before: Path, after: Path) -> Comparison:
    """The later run (a folder) against the earlier one (a folder or a baseline file).

    Its `exit_code` is 0 pass, 1 regression, 3 too few cases. Raises InputError (exit 2) for bad input.
    """
    return compare(measured(before), measured(after))


def measure_benches(
    folder: Path,
    assistant: Assistant,
    *,
    build: Callable[[Path], Assistant],
    work: Path,
    names: Iterable[str] = NAMES,
    progress: Callable[[str], None] | None = None,
) -> Iterator[Measured]:
    """Rows of the public sets in a folder, set after set; absent ones say that they were skipped.

    `build` opens an assistant on a data folder; collections are read in below `work`, once for each content,
    so that a second run finds its vectors there.
    """
    with closing(Shelf(build, work)) as shelf:
        yield from measure_all(folder, parts_of(assistant, shelf), names=names, progress=progress)
