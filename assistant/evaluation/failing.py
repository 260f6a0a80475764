"""Which cases went wrong, and why in plain words. Reads records only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.evaluation.records import Json


@dataclass(frozen=True, slots=True)
class Failing:
    """One case that went wrong; the worse, the earlier it is shown."""

    record: Json
    reasons: tuple[str, ...]
    weight: int


def failing_cases(records: Sequence[Json]) -> tuple[Failing, ...]:
    """The cases that went wrong, worst first, then by id."""
    found = []
    for record in records:
        faults = list(_faults(record))
        if faults:
            weight = sum(weight for weight, _ in faults)
            found.append(Failing(record, tuple(reason for _, reason in faults), weight))
    return tuple(sorted(found, key=lambda f: (-f.weight, f.record["id"])))


def _faults(record: Json) -> Iterator[tuple[int, str]]:
    if record["error"]:
        yield 100, f"The assistant broke: {record['error']}"
    scores = record["scores"]
    if scores.get("citation_validity", 1) < 1:
        yield 50, "A citation is not real: not found for this question, or its words are not the stored ones."
    if scores.get("receipt_holds") == 0:
        yield 50, "The receipt does not hold: " + "; ".join(record["receipt_faults"] or ())
    if scores.get("mechanism_wrong_3") == 1:
        yield 30, "Advice that is clearly wrong for this situation is among the first three."
    if scores.get("unanswerable_handled") == 0:
        yield 20, "Not handled as it should be: " + "; ".join(record.get("broken_rules", ())) + "."
    yield from _answer_faults(scores)
    if record.get("same_again") is False:
        yield 20, "The same question got another answer when asked again."
    if scores.get("paraphrase_same_decision") == 0:
        yield 10, "Answered in some words and refused in others."
    elif scores.get("paraphrase_right_decision") == 0:
        yield 10, "Every wording was decided the wrong way."


def _answer_faults(scores: Json) -> Iterator[tuple[int, str]]:
    if scores.get("false_refusal") == 1:
        yield 15, "Refused, although the evidence answers it."
    if scores.get("recall@10") == 0:
        yield 12, "None of the findings that matter was found."
    elif scores.get("recall@10_direct") == 0:
        yield 8, "No finding that answers directly was found."
    if scores.get("citation_relevance") == 0:
        yield 8, "Nothing that it cites bears on the question."
    if scores.get("one_sided") == 1:
        yield 5, "A caution that bears on the question is left out."
    if scores.get("recall_lost", 0) > 0.5:
        yield 8, "The follow-up was not understood: most of the findings were lost."
    if scores.get("mechanism_top_3") == 0:
        yield 5, "The best advice is not among the first three."
