"""Compares two runs case by case: what changed, how surely, and whether it got worse.

Exit codes: 0 no regression, 1 regression, 2 bad input (as an error), 3 too few shared cases.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assistant.errors import InputError
from assistant.evaluation.metrics import METRICS
from assistant.evaluation.records import Json, dumps, read_run
from assistant.evaluation.statistics import SEED, Paired, holm, mcnemar, paired_permutation

PASS, REGRESSION, TOO_FEW = 0, 1, 3
SURE = 0.05


@dataclass(frozen=True, slots=True)
class Measured:
    """The scores of a run or of a baseline: by metric and case, and the cluster of each case."""

    name: str
    about: Mapping[str, Any]
    scores: Mapping[str, Mapping[str, float]]
    groups: Mapping[str, str]
    may_fall: Mapping[str, float]
    failed: frozenset[str]
    """Cases that broke; they have no scores."""


@dataclass(frozen=True, slots=True)
class Change:
    """One metric on the cases that both runs scored."""

    metric: str
    better: str
    before: float | None
    after: float | None
    paired: Paired
    p_corrected: float | None
    verdict: str
    """`better`, `worse`, `no sure change` or `not comparable`."""
    only_before: int
    """Cases that only the earlier run scored."""
    only_after: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """All changes, the primary metric first, and what they amount to."""

    before: str
    after: str
    primary: str
    changes: tuple[Change, ...]
    exit_code: int
    because: tuple[str, ...]


def measured(path: Path) -> Measured:
    """A run's folder, or a baseline file. Raises InputError if it is neither."""
    if path.is_dir():
        summary, records = read_run(path)
        return _from_run(path.name, summary, records)
    if not path.is_file():
        raise InputError(f"There is no run or baseline at {path}.")
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        failed = frozenset(data["failed"])
        return Measured(path.stem, data["run"], data["scores"], data["groups"], data["may_fall"], failed)
    except (json.JSONDecodeError, KeyError, TypeError):
        raise InputError(
            f"{path} is no baseline.", hint="Write one with `assistant export RUN --form baseline`."
        ) from None


def _from_run(name: str, summary: Json, records: tuple[Json, ...]) -> Measured:
    scores: dict[str, dict[str, float]] = {metric: {} for metric in summary["metrics"]}
    for record in records:
        for metric, value in record["scores"].items():
            scores.setdefault(metric, {})[record["id"]] = float(value)
    may_fall = {metric: float(most) for metric, most in summary["may_fall"].items()}
    return Measured(
        name,
        summary["run"],
        scores,
        {r["id"]: r["group"] for r in records},
        may_fall,
        frozenset(summary["failed"]),
    )


def write_baseline(run: Path, path: Path) -> None:
    """Write the scores of a run, small enough to keep beside the code."""
    found = measured(run)
    data = {
        "run": found.about,
        "scores": found.scores,
        "groups": found.groups,
        "may_fall": found.may_fall,
        "failed": sorted(found.failed),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dumps(data, indent=1) + "\n", encoding="utf-8", newline="\n")


def compare(before: Measured, after: Measured, *, seed: int = SEED) -> Comparison:
    """The later run against the earlier one. Raises InputError if they are of different suites or cases."""
    _refuse_strangers(before, after)
    primary = str(after.about["primary"])
    names = [m for m in after.scores if m in before.scores and m in METRICS]
    names.sort(key=lambda name: (name != primary, list(METRICS).index(name)))
    tested = {name: _paired(before, after, name, seed=seed) for name in names}
    p_values = {name: t.p for name, t in tested.items() if t.p is not None}
    corrected = holm(p_values)
    changes = tuple(_change(before, after, name, tested[name], corrected.get(name)) for name in names)
    shared = next((c.paired.n for c in changes if c.metric == primary), 0)
    fewest = int(after.about.get("fewest_cases", 20))
    if shared < fewest:
        why = (f"only {shared} cases have {primary} in both runs; {fewest} are needed",)
        return Comparison(before.name, after.name, primary, changes, TOO_FEW, why)
    broke = sorted(after.failed - before.failed)
    because = (
        *_regressions(changes, {**before.may_fall, **after.may_fall}),
        *([f"{len(broke)} cases broke that did not before: {', '.join(broke[:5])}"] if broke else ()),
    )
    code = REGRESSION if because else PASS
    return Comparison(before.name, after.name, primary, changes, code, because)


def _refuse_strangers(before: Measured, after: Measured) -> None:
    if before.about.get("suite") != after.about.get("suite"):
        raise InputError(
            f"The runs are of different suites ({before.about.get('suite')}, {after.about.get('suite')}).",
            hint="Compare two runs of one suite.",
        )
    if not before.groups.keys() & after.groups.keys():
        raise InputError("The two runs have no case in common.")


def _shared(before: Measured, after: Measured, name: str) -> list[str]:
    return sorted(before.scores[name].keys() & after.scores[name].keys())


def _paired(before: Measured, after: Measured, name: str, *, seed: int) -> Paired:
    ids = _shared(before, after, name)
    a = [before.scores[name][i] for i in ids]
    b = [after.scores[name][i] for i in ids]
    groups = [after.groups[i] for i in ids]
    alone = len(set(groups)) == len(groups)
    if ids and alone and {*a, *b} <= {0.0, 1.0}:
        return mcnemar([x == 1.0 for x in a], [y == 1.0 for y in b])
    return paired_permutation(a, b, groups, seed=seed)


def _change(before: Measured, after: Measured, name: str, paired: Paired, p: float | None) -> Change:
    ids = _shared(before, after, name)
    better = METRICS[name].better
    return Change(
        metric=name,
        better=better,
        before=_mean([before.scores[name][i] for i in ids]),
        after=_mean([after.scores[name][i] for i in ids]),
        paired=paired,
        p_corrected=p,
        verdict=_verdict(paired.delta, p, better),
        only_before=len(before.scores[name]) - len(ids),
        only_after=len(after.scores[name]) - len(ids),
    )


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _verdict(delta: float | None, p: float | None, better: str) -> str:
    if delta is None or p is None:
        return "not comparable"
    if p >= SURE or delta == 0:
        return "no sure change"
    return "better" if (delta > 0) == (better == "higher") else "worse"


def _regressions(changes: tuple[Change, ...], may_fall: Mapping[str, float]) -> list[str]:
    found = []
    for change in changes:
        delta = change.paired.delta
        if delta is None:
            continue
        fall = -delta if change.better == "higher" else delta
        if change.verdict == "worse":
            found.append(f"{change.metric} got worse by {fall:.3f} (corrected p {change.p_corrected:.3f})")
        elif change.metric in may_fall and fall > may_fall[change.metric] + 1e-12:
            found.append(
                f"{change.metric} fell by {fall:.3f}; at most {may_fall[change.metric]:g} is accepted"
            )
    return found


def comparison_json(comparison: Comparison) -> Json:
    """The comparison as plain data."""
    return asdict(comparison)


def comparison_text(comparison: Comparison) -> str:
    """The comparison as a Markdown table, with the test behind each p value."""
    lines = [
        f"# {comparison.after} against {comparison.before}",
        "",
        "| metric | before | after | change [95 %] | corrected p | test | cases (clusters) | |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for c in comparison.changes:
        name = f"**{c.metric}**" if c.metric == comparison.primary else c.metric
        t = c.paired
        bounds = "" if t.low is None else f" [{t.low:+.3f}, {t.high:+.3f}]"
        delta = "-" if t.delta is None else f"{t.delta:+.3f}{bounds}"
        p = "-" if c.p_corrected is None else f"{c.p_corrected:.4f}"
        cells = (
            name,
            _three(c.before),
            _three(c.after),
            delta,
            p,
            t.test,
            f"{t.n} ({t.clusters})",
            c.verdict,
        )
        lines.append("| " + " | ".join(cells) + " |")
    words = {PASS: "No regression.", REGRESSION: "Regression.", TOO_FEW: "Too few cases to tell."}
    lines += ["", words[comparison.exit_code], *(f"- {why}" for why in comparison.because), ""]
    lines.append(
        "p values are corrected for looking at all metrics (Holm). Bold: the metric chosen beforehand."
    )
    return "\n".join(lines) + "\n"


def _three(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
