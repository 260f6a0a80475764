"""Whether a judge may be believed: its agreement with people on two public sets, and only then its scores.

Nothing here gives out a number of a judge without the numbers that say how far people share its view.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assistant.errors import NotReadyError
from assistant.evaluation.agreement import Agreement, kappa_with_interval
from assistant.evaluation.benches.mtrag_human import spearman
from assistant.evaluation.benches.parts import BenchRow, averaged
from assistant.evaluation.benches.ragchecker_pairs import same_sign
from assistant.evaluation.judge import Judge, Preference, Support
from assistant.evaluation.loading import read_records
from assistant.evaluation.records import Json, interval_json
from assistant.evaluation.score import Score
from assistant.evaluation.statistics import Interval, interval
from assistant.evaluation.support import word_support

RATED, PAIRS = "mtrag_human", "ragchecker_pairs"
FEWEST = 20
"""Verdicts that can be read, below which a calibration says nothing."""
_FAITHFUL_FROM = 3.5
"""Mean rating of faithfulness, of 1 to 4, from which people count an answer as fully supported."""
_HALF_FROM = 2.5
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """How far a judge and people agree, on one set."""

    bench: str
    rows: tuple[BenchRow, ...] = ()
    kappa: Agreement | None = None
    plain: float | None = None
    """What the plain score reaches on the same answers, in the terms of `reached`."""
    reached: Interval | None = None
    sensitivity: float | None = None
    """Share of what people call supported that the judge calls fully supported."""
    specificity: float | None = None
    unreadable: int = 0
    skipped: str = ""
    """Why there is none; empty if there is one."""

    @property
    def earned(self) -> bool:
        """True if it follows people better than the plain score does, and surely better than chance."""
        found = self.reached
        if self.skipped or found is None or found.value is None or found.low is None:
            return False
        chance = 0.0 if self.bench == RATED else 0.5
        return found.low > chance and (self.plain is None or found.value > self.plain)


def calibrate(
    judge: Judge, folder: Path | None, *, progress: Progress | None = None
) -> tuple[Calibration, ...]:
    """The judge against people on both sets; a set that is not there is skipped with the reason."""
    return tuple(
        _absent(name, folder) or measure(judge, (folder or Path()) / name, progress)
        for name, measure in ((RATED, _on_ratings), (PAIRS, _on_pairs))
    )


def _absent(name: str, folder: Path | None) -> Calibration | None:
    if folder is None:
        why = "no folder of public sets is set (ASSISTANT_BENCH_DIR or --bench)"
        return Calibration(bench=name, skipped=why)
    if not (folder / name).is_dir():
        return Calibration(bench=name, skipped=f"the set is not in {folder.name}/")
    return None


def _on_ratings(judge: Judge, folder: Path, progress: Progress | None) -> Calibration:
    """Against the mean rating of faithfulness by three people."""
    rated = [record for _, record in read_records(folder / "ratings.jsonl.gz")]
    tasks = {task["id"]: task for _, task in read_records(folder / "tasks.jsonl.gz")}
    labels, people, plain, clusters = [], [], [], []
    for done, record in enumerate(rated, start=1):
        evidence = "\n".join(context["text"] for context in tasks[record["task_id"]]["contexts"])
        verdict = judge.verdict(record["response"], evidence)
        if progress:
            progress(done, len(rated), RATED)
        if verdict is None:
            continue
        labels.append(verdict.label)
        people.append(float(np.mean(list(record["ratings"]["faithfulness"].values()))))
        plain.append(word_support(evidence, record["response"]))
        clusters.append(str(record["task_id"]))
    unreadable = len(rated) - len(labels)
    if len(labels) < FEWEST:
        return Calibration(bench=RATED, unreadable=unreadable, skipped=_too_few(len(labels)))
    reached = spearman([label.score for label in labels], people, clusters)
    beside = spearman(plain, people, clusters)
    kappa = kappa_with_interval(
        [label.score for label in labels], [_level(p) for p in people], scale=[0, 0.5, 1]
    )
    said = [label is Support.FULLY for label in labels]
    actual = [value >= _FAITHFUL_FROM for value in people]
    rows = (
        BenchRow(RATED, "Spearman of the judge with faithfulness", reached, "RAGAS-type LLM score 0.668"),
        BenchRow(RATED, "Spearman of the plain word check", beside),
        BenchRow(RATED, kappa.name, _bounds(kappa)),
    )
    return Calibration(
        bench=RATED,
        rows=rows,
        kappa=kappa,
        plain=beside.value,
        reached=reached,
        sensitivity=_share(s for s, a in zip(said, actual, strict=True) if a),
        specificity=_share(not s for s, a in zip(said, actual, strict=True) if not a),
        unreadable=unreadable,
    )


def _on_pairs(judge: Judge, folder: Path, progress: Progress | None) -> Calibration:
    """Against two people who compared answers; beside it how far mere length goes."""
    pairs = [pair for _, pair in read_records(folder / "pairs.jsonl.gz")]
    made: list[tuple[Json, float, Preference]] = []
    for done, pair in enumerate(pairs, start=1):
        found = judge.prefer(pair["question"], pair["a"]["response"], pair["b"]["response"])
        if progress:
            progress(done, len(pairs), PAIRS)
        if found is not None:
            made.append((pair, float(np.mean([j["overall"] for j in pair["judgements"]])), found))
    if len(made) < FEWEST:
        return Calibration(bench=PAIRS, unreadable=len(pairs) - len(made), skipped=_too_few(len(made)))
    names = [str(pair["id"]) for pair, _, _ in made]
    right = averaged(PAIRS, "right direction, judge", _signs(names, made, lambda p, f: float(f.value)))
    length = averaged(PAIRS, "right direction, the longer answer", _signs(names, made, _longer))
    kappa = kappa_with_interval(
        [float(f.value) for _, _, f in made], [float(np.sign(h)) for _, h, _ in made],
        weights="none", scale=[-1, 0, 1],
    )  # fmt: skip
    rows = (
        right,
        length,
        BenchRow(PAIRS, kappa.name, _bounds(kappa)),
        averaged(PAIRS, "same answer in both orders", ((n, Score.of(f.consistent)) for n, (_, _, f) in zip(
            names, made, strict=True))),
        averaged(PAIRS, "judge prefers the longer answer", (
            (n, same_sign(_longer(p, f), float(f.value))) for n, (p, _, f) in zip(names, made, strict=True))),
    )  # fmt: skip
    return Calibration(
        bench=PAIRS,
        rows=rows,
        kappa=kappa,
        plain=length.found.value,
        reached=right.found,
        unreadable=len(pairs) - len(made),
    )


def _signs(
    names: Sequence[str],
    made: Sequence[tuple[Json, float, Preference]],
    gap: Callable[[Json, Preference], float],
) -> Iterable[tuple[str, Score]]:
    return ((n, same_sign(gap(p, f), people)) for n, (p, people, f) in zip(names, made, strict=True))


def _longer(pair: Json, found: Preference) -> float:
    return float(len(pair["b"]["response"].split()) - len(pair["a"]["response"].split()))


def _level(mean: float) -> float:
    return 1.0 if mean >= _FAITHFUL_FROM else 0.5 if mean >= _HALF_FROM else 0.0


def _share(values: Iterable[bool]) -> float | None:
    given = list(values)
    return sum(given) / len(given) if given else None


def _bounds(found: Agreement) -> Interval:
    return Interval(found.value, found.low, found.high, "bootstrap", found.things, found.things)


def _too_few(count: int) -> str:
    return f"only {count} verdicts could be read, and {FEWEST} are needed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What a judge says of a run, with the calibration without which it may not be told."""

    about: Mapping[str, str]
    run: str
    calibration: Calibration
    supported: Interval
    """Share of statements that the judge calls fully supported by the words they cite."""
    corrected: float | None
    """The same corrected for the judge's own errors (Rogan and Gladen 1978); None where they cannot be."""
    unreadable: int
    verdicts: tuple[Json, ...]


def judge_run(
    judge: Judge,
    records: Sequence[Json],
    calibrations: Sequence[Calibration],
    *,
    run: str,
    progress: Progress | None = None,
) -> Judged:
    """The judge's view of every statement of a run that cites words.

    Raises NotReadyError, before anything is judged, unless the judge earned its place on `mtrag_human`.
    """
    calibration = trusted(calibrations, RATED)
    stated = [
        (r, n, s)
        for r in records
        if r["answer"]
        for n, s in enumerate(r["answer"]["statements"], start=1)
        if s["citations"]
    ]
    verdicts: list[Json] = []
    for done, (record, number, statement) in enumerate(stated, start=1):
        evidence = "\n".join(citation["quote"] for citation in statement["citations"])
        found = judge.verdict(statement["text"], evidence)
        row = {"id": record["id"], "group": record["group"], "sentence": number}
        verdicts.append(
            {**row, "label": str(found.label) if found else None, "reason": found.reason if found else ""}
        )
        if progress:
            progress(done, len(stated), record["id"])
    read = [v for v in verdicts if v["label"]]
    supported = interval([float(v["label"] == Support.FULLY) for v in read], [v["group"] for v in read])
    return Judged(
        about=judge.about,
        run=run,
        calibration=calibration,
        supported=supported,
        corrected=corrected(supported.value, calibration),
        unreadable=len(verdicts) - len(read),
        verdicts=tuple(verdicts),
    )


def trusted(calibrations: Sequence[Calibration], bench: str) -> Calibration:
    """The calibration on that set. Raises NotReadyError without one, or if it was not earned."""
    found = next((c for c in calibrations if c.bench == bench), None)
    if found is None or found.skipped:
        why = found.skipped if found else "it was not measured"
        raise NotReadyError(
            f"No score of this judge is shown, since its agreement with people is unknown: {bench}, {why}.",
            hint="Name the folder that holds the set, or rate answers on the Review page.",
        )
    if not found.earned:
        raise NotReadyError(
            f"No score of this judge is shown: on {bench} it follows people no better than {_PLAIN[bench]}.",
            hint="Use another model. What it reached stands in the calibration above.",
        )
    return found


_PLAIN = {RATED: "counting words does", PAIRS: "choosing the longer answer does"}


def corrected(share: float | None, calibration: Calibration) -> float | None:
    """(share + specificity - 1) / (sensitivity + specificity - 1), within 0 and 1; None if undefined."""
    q1, q0 = calibration.sensitivity, calibration.specificity
    if share is None or q1 is None or q0 is None or q1 + q0 <= 1:
        return None
    return float(min(1.0, max(0.0, (share + q0 - 1) / (q1 + q0 - 1))))


def judged_json(found: Judged) -> dict[str, Any]:
    """Everything, as plain data: enough to print the report again without the model."""
    return {
        "judge": dict(found.about),
        "run": found.run,
        "calibration": calibration_json(found.calibration),
        "supported": interval_json(found.supported),
        "corrected": found.corrected,
        "unreadable": found.unreadable,
        "verdicts": list(found.verdicts),
    }


def calibration_json(found: Calibration) -> Json:
    """A calibration as plain data."""
    rows = [{"measure": row.measure, "beside": row.beside, **interval_json(row.found)} for row in found.rows]
    return {
        "bench": found.bench,
        "earned": found.earned,
        "rows": rows,
        "kappa": asdict(found.kappa) if found.kappa else None,
        "sensitivity": found.sensitivity,
        "specificity": found.specificity,
        "unreadable": found.unreadable,
        "skipped": found.skipped or None,
    }


def judged_text(found: Judged) -> str:
    """The score in one paragraph of Markdown; the table of the calibration stands above it."""
    share = found.supported
    bounds = f" [{share.low:.2f}, {share.high:.2f}]" if share.low is not None else ""
    value = "no value" if share.value is None else f"{share.value:.2f}{bounds}"
    fixed = "" if found.corrected is None else f" Corrected for its own errors: {found.corrected:.2f}."
    lost = f" {found.unreadable} replies could not be read and are left out." if found.unreadable else ""
    return (
        f"The judge `{found.about['model']}` calls {value} of {share.n} statements fully supported by the "
        f"words they cite.{fixed}{lost} Read it only beside its agreement with people above.\n"
    )
