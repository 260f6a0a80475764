"""Public sets that lie in a folder outside the project: one small file for each, and one table of them all.

Each file offers `measure(folder, parts)`. A set that is not there is skipped with a message.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from assistant.errors import InputError
from assistant.evaluation.benches.parts import Measured, Parts
from assistant.evaluation.records import interval_json
from assistant.registry import Registry

_HERE = "assistant.evaluation.benches"
NAMES = (
    "domain",
    "qmsum",
    "pubmedqa",
    "scifact",
    "expertqa",
    "summedits",
    "clapnq",
    "squad2",
    "canard",
    "cast",
    "mtrag_un",
    "mtrag_human",
    "ragchecker_pairs",
)
_WHERE = {name: f"{_HERE}.{name}:measure" for name in NAMES}
BENCHES = Registry("bench", {**_WHERE, "domain": "assistant.evaluation.domain:measure"})


def measure_all(
    folder: Path, parts: Parts, *, names: Iterable[str] = NAMES, progress: Callable[[str], None] | None = None
) -> Iterator[Measured]:
    """Each named set in turn. Raises InputError if the folder itself is missing."""
    if not folder.is_dir():
        raise InputError(f"There is no folder {folder}.", hint="Name the folder that holds the sets.")
    for name in names:
        measure: Callable[[Path, Parts], Measured] = BENCHES.load(name)
        if progress:
            progress(name)
        if not (folder / name).is_dir():
            yield Measured(name, (), (f"the set is not in {folder.name}/",))
        else:
            yield measure(folder / name, parts)


def table(measured: Iterable[Measured]) -> str:
    """All rows as a Markdown table, what was skipped below it."""
    lines = ["| set | measure | value [95 %] | cases (clusters) | beside |", "|---|---|---|---|---|"]
    skipped = []
    for found in measured:
        for row in found.rows:
            i = row.found
            bounds = "" if i.low is None else f" [{i.low:.3f}, {i.high:.3f}]"
            value = "-" if i.value is None else f"{i.value:.3f}{bounds}"
            lines.append(f"| {row.bench} | {row.measure} | {value} | {i.n} ({i.clusters}) | {row.beside} |")
            skipped += [
                f"- {row.bench}, {row.measure}: {n} left out, {why}" for why, n in row.left_out.items()
            ]
        skipped += [f"- {found.bench}: skipped, {why}" for why in found.skipped]
    return "\n".join([*lines, "", *skipped]) + "\n"


def table_json(measured: Iterable[Measured]) -> dict[str, Any]:
    """The same as plain data: rows, and what was skipped with the reason."""
    found = list(measured)
    return {
        "rows": [
            {
                "set": row.bench,
                "measure": row.measure,
                **interval_json(row.found),
                "beside": row.beside,
                "left_out": dict(row.left_out),
            }
            for one in found
            for row in one.rows
        ],
        "skipped": [{"set": one.bench, "why": why} for one in found for why in one.skipped],
    }
