"""Measures speed and memory, beside a plain LangChain + Chroma + MiniLM retrieval over the same passages.

Each measurement runs in a process of its own, ours and theirs in turns; the table shows medians of rounds.
`BENCH_PASSAGES`, `BENCH_SAMPLE` and `BENCH_ROUNDS` make it shorter; figures in the README use the defaults.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.acceptance.prose import passages, write_records

MANY = int(os.environ.get("BENCH_PASSAGES", "50000"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `most` or `least` is the target that ours must keep, if there is one."""

    name: str
    unit: str
    ours: float
    theirs: float | None = None
    most: float | None = None
    least: float | None = None

    @property
    def met(self) -> bool:
        """False if a target is missed."""
        return (self.most is None or self.ours <= self.most) and (
            self.least is None or self.ours >= self.least
        )

    def line(self) -> str:
        """The row in Markdown."""
        name = f"{self.name} ({self.unit})"
        ratio = f"{self.ours / self.theirs:.2f}" if self.theirs else ""
        targets = (("at most", self.most), ("at least", self.least))
        target = " ".join(f"{word} {bound:g}" for word, bound in targets if bound is not None)
        verdict = "" if not target else ("met" if self.met else "**missed**")
        theirs = "" if self.theirs is None else _figure(self.theirs)
        return f"| {name} | {_figure(self.ours)} | {theirs} | {ratio} | {target} | {verdict} |"


def main() -> int:
    """Measure everything, print the table, and return 1 if a target was missed."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        rows = _measured(Path(name))
    print("\n| measure | ours | plain LangChain + Chroma | ours / theirs | target | |")
    print("| --- | --- | --- | --- | --- | --- |")
    for row in rows:
        print(row.line())
    return 0 if all(row.met for row in rows) else 1


def _measured(folder: Path) -> list[Row]:
    records = folder / "many.jsonl"
    write_records(records, passages(MANY, seed=1))
    _say(f"reading {MANY} passages in")
    filled = _run("fill", folder / "ours-many", records)
    _run("fill-corpus", folder / "ours-corpus")
    for size in ("many", "corpus"):
        _run("fill-plain", folder / f"theirs-{size}", folder / f"ours-{size}")
    rates = [_run("rate", folder / f"rate-{number}", number) for number in range(ROUNDS)]
    ask, search, plain = _alternating(folder, "corpus")
    ask_many, search_many, plain_many = _alternating(folder, "many")
    return [
        Row("`assistant --help`", "s", _help_seconds(), most=0.5),
        Row("ask, bundled corpus, p50", "ms", ask["p50"], most=60),
        Row("ask, bundled corpus, p95", "ms", ask["p95"], most=150),
        Row("search, bundled corpus, p50", "ms", search["p50"], plain["p50"]),
        Row("search, bundled corpus, p95", "ms", search["p95"], plain["p95"]),
        Row(f"ask, {MANY} passages, p50", "ms", ask_many["p50"], most=200),
        Row(f"ask, {MANY} passages, p95", "ms", ask_many["p95"]),
        Row(f"search, {MANY} passages, p50", "ms", search_many["p50"], plain_many["p50"]),
        Row(f"search, {MANY} passages, p95", "ms", search_many["p95"], plain_many["p95"]),
        Row("ingest over raw encoding, same run", "ratio", _median(rates, "ratio"), least=0.9),
        Row("ingest, a small file", "passages/s", _median(rates, "ours"), _median(rates, "theirs")),
        Row(f"ingest, {MANY} passages", "passages/s", filled["rate"]),
        Row("first answer in a new process", "s", ask["first"], plain["first"]),
        Row("peak memory, asking, bundled corpus", "MB", ask["peak"], plain["peak"]),
        Row(f"peak memory, asking, {MANY} passages", "MB", ask_many["peak"], plain_many["peak"]),
        Row(f"peak memory, ingest of {MANY} passages", "MB", filled["peak"]),
    ]


def _alternating(folder: Path, size: str) -> tuple[Figures, Figures, Figures]:
    """Medians of asking, searching, and searching the plain way, measured in turns."""
    kinds = ("ask", "search", "search-plain")
    told: dict[str, list[Figures]] = {kind: [] for kind in kinds}
    for number in range(ROUNDS):
        _say(f"{size}: round {number + 1} of {ROUNDS}")
        for kind in kinds if number % 2 == 0 else reversed(kinds):
            place = folder / f"{'theirs' if kind == 'search-plain' else 'ours'}-{size}"
            told[kind].append(_run(kind, place, size))
    ask, search, plain = ({name: _median(runs, name) for name in runs[0]} for runs in told.values())
    return ask, search, plain


def _run(scenario: str, *arguments: object) -> Figures:
    """The figures of one scenario, measured in a process of its own."""
    command = [sys.executable, "-m", "tests.acceptance.bench_scenarios", scenario, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{scenario} did not finish:\n{done.stderr}")
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


def _help_seconds() -> float:
    times = []
    for _ in range(11):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-m", "assistant", "--help"], check=True, capture_output=True)
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def _median(runs: Sequence[Figures], name: str) -> float:
    return statistics.median(run[name] for run in runs)


def _figure(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:,.0f}"


def _say(text: str) -> None:
    print(f"... {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
