"""SummEdits: spotting small unfaithful edits of summaries (Laban and others 2023), three domains."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from assistant.evaluation.benches.parts import BenchRow, Measured, Parts, balanced_accuracy, detector_rows
from assistant.evaluation.loading import read_records
from assistant.evaluation.statistics import resampled

PUBLISHED = {
    "qmsumm": "QAFactEval 0.624, GPT-4 0.796, people 0.907",
    "scitldr": "QAFactEval 0.675, GPT-4 0.824, people 0.893",
    "sales_call": "QAFactEval 0.684, GPT-4 0.879, people 0.918",
}


def measure(folder: Path, parts: Parts) -> Measured:
    """Balanced accuracy for each domain, and the mean of the domains."""
    if parts.support is None:
        return Measured("summedits", (), ("no support check is offered",))
    texts = {doc["id"]: doc["text"] for _, doc in read_records(folder / "docs.jsonl.gz")}
    pairs = [pair for _, pair in read_records(folder / "pairs.jsonl.gz")]
    sure = np.array([parts.support(texts[p["doc_id"]], p["summary"]) for p in pairs])
    truth = np.array([bool(p["consistent"]) for p in pairs])
    domains = np.array([p["domain"] for p in pairs])
    documents = [str(p["doc_id"]) for p in pairs]
    judge = mean_of_domains(truth, sure >= parts.support_from, domains)
    mean = BenchRow(
        "summedits",
        "balanced accuracy, mean of domains",
        resampled(judge, documents),
        "word overlap 0.52, QAFactEval 0.66; target 0.62",
    )
    rows = [mean]
    for domain, beside in PUBLISHED.items():
        picked = np.flatnonzero(domains == domain)
        if picked.size:
            rows += detector_rows(
                "summedits",
                list(truth[picked]),
                list(sure[picked]),
                [documents[i] for i in picked],
                cut=parts.support_from,
                part=domain,
                beside=beside,
            )
    return Measured("summedits", tuple(rows))


def mean_of_domains(
    truth: np.ndarray, said: np.ndarray, domains: np.ndarray
) -> Callable[[np.ndarray], float | None]:
    """The mean of the balanced accuracies of the domains among given places; None where one is undefined."""

    def judge(places: np.ndarray) -> float | None:
        values = []
        for domain in sorted(set(domains[places])):
            inside = places[domains[places] == domain]
            value = balanced_accuracy(truth[inside], said[inside])
            if value is None:
                return None
            values.append(value)
        return float(np.mean(values))

    return judge
