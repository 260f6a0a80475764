"""Which of two runs a judge prefers, case by case in both orders; told only beside its calibration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.evaluation.judge import Judge, Preference
from assistant.evaluation.judge_trust import PAIRS, Calibration, Progress, calibration_json, trusted
from assistant.evaluation.records import Json, interval_json
from assistant.evaluation.statistics import Interval, interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferred:
    """How often the judge prefers the later run, ties counting half."""

    model: str
    calibration: Calibration
    later: Interval
    wavering: int
    """Cases on which it changed its mind with the order; they count as ties."""
    longer: Interval
    """Share of its choices that fell on the longer answer; far from one half means that length sways it."""
    unreadable: int
    verdicts: tuple[Json, ...]


def judge_pairs(
    judge: Judge,
    before: Sequence[Json],
    after: Sequence[Json],
    calibrations: Sequence[Calibration],
    *,
    progress: Progress | None = None,
) -> Preferred:
    """The judge's choice on every case that both runs answered.

    Raises NotReadyError, before anything is judged, unless the judge earned its place on `ragchecker_pairs`.
    """
    calibration = trusted(calibrations, PAIRS)
    earlier = {r["id"]: r for r in before if r["answer"]}
    shared = [(earlier[r["id"]], r) for r in after if r["answer"] and r["id"] in earlier]
    made: list[tuple[Json, Preference, int]] = []
    for done, (old, new) in enumerate(shared, start=1):
        a, b = answer_text(old), answer_text(new)
        found = judge.prefer(new["question"], a, b)
        if progress:
            progress(done, len(shared), new["id"])
        if found is not None:
            made.append((new, found, len(b.split()) - len(a.split())))
    chosen = [(r["group"], f.value * gap > 0) for r, f, gap in made if f.value and gap]
    verdicts = tuple({"id": r["id"], "value": f.value, "consistent": f.consistent} for r, f, _ in made)
    return Preferred(
        model=judge.about["model"],
        calibration=calibration,
        later=interval([0.5 + 0.5 * f.value for _, f, _ in made], [r["group"] for r, _, _ in made]),
        wavering=sum(not f.consistent for _, f, _ in made),
        longer=interval([float(longer) for _, longer in chosen], [group for group, _ in chosen]),
        unreadable=len(shared) - len(made),
        verdicts=verdicts,
    )


def answer_text(record: Json) -> str:
    """An answer as a reader meets it: its sentences, or why there are none."""
    answer = record["answer"]
    said = [statement["text"] for statement in answer["statements"]]
    return " ".join(said) or str(answer["because"] or answer["lead"])


def preferred_json(found: Preferred) -> Json:
    """Everything, as plain data."""
    return {
        "judge": found.model,
        "calibration": calibration_json(found.calibration),
        "later_preferred": interval_json(found.later),
        "longer_preferred": interval_json(found.longer),
        "wavering": found.wavering,
        "unreadable": found.unreadable,
        "verdicts": list(found.verdicts),
    }


def preferred_text(found: Preferred) -> str:
    """The result in one paragraph of Markdown; the table of the calibration stands above it."""
    return (
        f"The judge `{found.model}` prefers the later run in {_told(found.later)} of {found.later.n} cases, "
        f"ties counting half. It changed its mind with the order on {found.wavering}. Of its choices, "
        f"{_told(found.longer)} fell on the longer answer. {found.unreadable} replies could not be read. "
        "Read it only beside its agreement with people above.\n"
    )


def _told(share: Interval) -> str:
    if share.value is None:
        return "no value"
    return f"{share.value:.2f}" + (f" [{share.low:.2f}, {share.high:.2f}]" if share.low is not None else "")
