"""Suites: which cases, which metrics, which gates. One YAML file each; checked before anything is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import yaml
from pydantic import ConfigDict

from assistant.errors import CorpusError, InputError
from assistant.evaluation.cases import Case
from assistant.evaluation.loading import checked, load_cases
from assistant.evaluation.metrics import FUNCTIONS, METRICS


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """A limit that a run must keep, and how far it may fall behind the baseline. At least one is given."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")
    metric: str
    at_least: float | None = None
    at_most: float | None = None
    may_fall: float | None = None
    """How much worse than the baseline is still accepted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """What is asked and what is measured."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")
    name: str
    title: str
    description: str
    cases: tuple[str, ...]
    """Patterns of files, from the folder above the suite's own."""
    metrics: tuple[str, ...]
    primary: str
    """The one metric that a comparison is judged by first."""
    gates: tuple[Gate, ...] = ()
    fewest_cases: int = 20
    """A comparison over fewer shared cases is refused."""
    repeat: int = 1
    """How often each answer is asked for, to see whether it stays the same."""


def load_suite(path: Path) -> Suite:
    """The suite in a YAML file. Raises CorpusError for a broken one, or for an unknown metric."""
    if not path.is_file():
        known = ", ".join(sorted(p.stem for p in path.parent.glob("*.yaml"))) or "none"
        raise InputError(f"There is no suite '{path.stem}'.", hint=f"Suites in {path.parent.name}/: {known}.")
    try:
        data: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise CorpusError(f"this is not YAML ({error.problem}).", path=path, line=line) from None
    if not isinstance(data, dict):
        raise CorpusError("a suite has named fields.", path=path, line=1)
    suite = checked(Suite, data, path=path, line=None)
    for name in (*suite.metrics, suite.primary, *(gate.metric for gate in suite.gates)):
        FUNCTIONS.load(name)
        if name not in suite.metrics:
            raise CorpusError(f"'{name}' is used but is not in the list of metrics.", path=path)
    return suite


def suite_files(suite: Suite, evals: Path) -> tuple[Path, ...]:
    """The files of cases, in order of pattern and name. Raises CorpusError for a pattern that finds none."""
    files: list[Path] = []
    for pattern in suite.cases:
        found = sorted(evals.glob(pattern))
        if not found:
            raise CorpusError(f"the pattern '{pattern}' of suite '{suite.name}' finds no file.", path=evals)
        files += [path for path in found if path not in files]
    return tuple(files)


def suite_cases(suite: Suite, evals: Path) -> tuple[Case, ...]:
    """The cases of a suite, in order."""
    return load_cases(suite_files(suite, evals))


def metrics_for(kind: str, names: Sequence[str]) -> tuple[str, ...]:
    """Those of the named metrics that are for this kind of case."""
    return tuple(name for name in names if kind in METRICS[name].cases)
