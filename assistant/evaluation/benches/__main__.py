"""Prints our row of each public set beside the published ones.

    python -m assistant.evaluation.benches FOLDER --data-dir DATA --work WORK --only scifact qmsum

Collections are read in below WORK and kept there, so that a second run encodes nothing.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from assistant.errors import AssistantError
from assistant.evaluation.benches import NAMES, table
from assistant.evaluation.benches.parts import Measured


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure the sets named and print the table; 0 if it measured, 2 for bad input."""
    chosen = _arguments(arguments)
    try:
        measured = tuple(_timed(chosen))
    except AssistantError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    print(table(measured))
    return 0


def _timed(chosen: argparse.Namespace) -> Iterator[Measured]:
    """Each set in turn; how long it took goes to the error stream."""
    from assistant.assembly import build
    from assistant.evaluation.commands import measure_benches
    from assistant.settings import bundled_corpus, load_settings

    assistant = build(load_settings(data_dir=chosen.data_dir))
    try:
        if not assistant.ready:
            assistant.ingest([bundled_corpus()])
        started = time.perf_counter()
        for found in measure_benches(
            chosen.folder,
            assistant,
            build=lambda folder: build(load_settings(data_dir=folder)),
            work=chosen.work,
            names=chosen.only,
        ):
            print(f"{found.bench}: {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)
            started = time.perf_counter()
            yield found
    finally:
        assistant.close()


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m assistant.evaluation.benches", description=__doc__)
    parser.add_argument("folder", type=Path, help="folder that holds one folder for each set")
    parser.add_argument("--data-dir", type=Path, required=True, help="data folder of the assistant")
    parser.add_argument("--work", type=Path, required=True, help="where collections are read in and kept")
    parser.add_argument(
        "--only", nargs="+", choices=NAMES, default=list(NAMES), metavar="SET", help="which sets"
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    raise SystemExit(main())
