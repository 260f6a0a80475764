"""Runs a suite over an assistant and leaves a folder of plain files. One broken case never stops a run."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import Any

from assistant import __version__
from assistant.errors import AssistantError
from assistant.evaluation.cases import Case
from assistant.evaluation.loading import labels_of, refuse_unknown_ids
from assistant.evaluation.metrics import FUNCTIONS, latency
from assistant.evaluation.metrics.judgements import Context, handling
from assistant.evaluation.records import (
    RECORDS,
    SUMMARY,
    TIMES,
    TIMINGS,
    Json,
    dumps,
    fingerprint,
    kind_name,
    record_of,
    summary_of,
)
from assistant.evaluation.score import Score
from assistant.evaluation.statistics import SEED
from assistant.evaluation.suites import Suite, metrics_for, suite_cases
from assistant.evaluation.trial import Subject, Trial, put

Progress = Callable[[int, int, str], None]
"""(cases done, cases in all, id of the last one)"""

LIBRARIES = ("chromadb", "langchain-core", "numpy", "scikit-learn", "scipy", "sentence-transformers", "torch")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a run stands on, besides the suite. Written into its summary."""

    config: Mapping[str, Any] = field(default_factory=dict)
    """Settings that may change an answer, without secrets."""
    corpus_hash: str = ""
    seed: int = SEED


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run."""

    summary: Json
    records: tuple[Json, ...]
    timings: tuple[Json, ...]

    @property
    def failed_gates(self) -> tuple[Json, ...]:
        """The gates that were not kept."""
        return tuple(gate for gate in self.summary["gates"] if not gate["passed"])


def evaluate(
    suite: Suite,
    subject: Subject,
    *,
    evals: Path,
    context: Context | None = None,
    ground: Ground | None = None,
    progress: Progress | None = None,
) -> Run:
    """Put every case of the suite to the assistant, and measure.

    Raises CorpusError for broken cases, before the first one is asked; labels are checked against the
    findings in `context.facts` when there are any.
    """
    context, ground = context or Context(), ground or Ground()
    cases = suite_cases(suite, evals)
    if context.facts.texts:
        refuse_unknown_ids(cases, context.facts.texts, path=evals)
    about = about_run(suite, cases, context, ground)
    records, timings = [], []
    for done, case in enumerate(cases, start=1):
        trial = try_case(subject, case)
        scores = judge(trial, metrics_for(kind_name(case), suite.metrics), context)
        records.append(
            record_of(trial, scores, run=about["fingerprint"], notes=_notes(trial, suite, subject, context))
        )
        timings.append({"id": case.id, **{k: round(v, 3) for k, v in trial.timings_ms.items()}})
        if progress:
            progress(done, len(cases), case.id)
    summary = {"run": about, **summary_of(records, suite.metrics, seed=ground.seed)}
    may_fall = {gate.metric: gate.may_fall for gate in suite.gates if gate.may_fall is not None}
    summary = {**summary, "gates": gates(suite, summary), "may_fall": may_fall}
    return Run(summary, tuple(records), tuple(timings))


def try_case(subject: Subject, case: Case) -> Trial:
    """The trial of one case; whatever goes wrong is kept as its error."""
    try:
        return put(subject, case)
    except AssistantError as error:
        return Trial(case=case, error=str(error))
    except Exception as error:
        return Trial(case=case, error=f"{type(error).__name__}: {error}")


def judge(trial: Trial, names: Sequence[str], context: Context) -> dict[str, Score]:
    """The named metrics of one trial. A failed case has no scores, and says so."""
    if trial.error:
        return dict.fromkeys(names, Score.none("the case failed"))
    return {name: FUNCTIONS.load(name)(trial, context) for name in names}


def _notes(trial: Trial, suite: Suite, subject: Subject, context: Context) -> Json:
    known = context.facts.texts
    notes: Json = {"words": {key: known[key] for key in labels_of(trial.case) if key in known}}
    how = handling(trial, context)
    if how is not None:
        notes["broken_rules"] = list(how.faults)
    if suite.repeat > 1 and trial.answer is not None:
        first = dumps(trial.answer.as_json())
        again = (try_case(subject, trial.case).answer for _ in range(suite.repeat - 1))
        notes["same_again"] = all(a is not None and dumps(a.as_json()) == first for a in again)
    return notes


def about_run(suite: Suite, cases: Sequence[Case], context: Context, ground: Ground) -> Json:
    """What the run stands on, and a fingerprint of all that may change its bytes."""
    about: Json = {
        "suite": suite.name,
        "title": suite.title,
        "primary": suite.primary,
        "fewest_cases": suite.fewest_cases,
        "support_check": context.phi_name,
        "closeness": context.cosine_name,
        "seed": ground.seed,
        "config": dict(ground.config),
        "config_hash": fingerprint(ground.config),
        "corpus_hash": ground.corpus_hash,
        "cases_hash": sha256("\n".join(dumps(asdict(case)) for case in cases).encode()).hexdigest()[:16],
        "versions": versions(),
    }
    return {**about, "fingerprint": fingerprint(about)}


def versions() -> dict[str, str]:
    """The version of the assistant, of Python, and of the libraries that may change a number."""
    found = {"assistant": __version__, "python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


def gates(suite: Suite, summary: Json) -> list[Json]:
    """Each gate with the value it met; that no case failed is always one. No value fails its gate."""
    failed = len(summary["failed"])
    found: list[Json] = [
        {"metric": "failed cases", "rule": "at most 0", "value": float(failed), "passed": not failed}
    ]
    for gate in suite.gates:
        value = summary["metrics"][gate.metric]["value"]
        found += [
            {"metric": gate.metric, "rule": rule, "value": value, "passed": passed}
            for rule, passed in _limits(gate.at_least, gate.at_most, value)
        ]
    return found


def _limits(at_least: float | None, at_most: float | None, value: float | None) -> Iterator[tuple[str, bool]]:
    if at_least is not None:
        yield f"at least {at_least:g}", value is not None and value >= at_least
    if at_most is not None:
        yield f"at most {at_most:g}", value is not None and value <= at_most


def write_run(run: Run, folder: Path) -> None:
    """Write records, summary and timings. Only the two files of times differ between equal runs."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / RECORDS, "".join(dumps(record) + "\n" for record in run.records))
    _write(folder / SUMMARY, dumps(run.summary, indent=1) + "\n")
    _write(folder / TIMINGS, "".join(dumps(timing) + "\n" for timing in run.timings))
    stages = latency.by_stage([{k: v for k, v in t.items() if k != "id"} for t in run.timings], warm_up=5)
    _write(folder / TIMES, dumps({stage: asdict(spent) for stage, spent in stages.items()}, indent=1) + "\n")


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
