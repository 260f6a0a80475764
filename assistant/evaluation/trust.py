"""What the numbers mean for somebody who must decide whether to rely on the assistant. No formulas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.evaluation.records import Json


@dataclass(frozen=True, slots=True)
class Aspect:
    """Something one may want to rely on. `good` and `fair` are the values from which it may be called so."""

    title: str
    metric: str
    sentence: str
    """With {n} for a count out of ten."""
    good: float
    fair: float
    lower_is_better: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """One line of the first page of a report."""

    title: str
    verdict: str
    """`yes`, `with care`, `not yet` or `not measured`."""
    sentence: str
    sure: str
    """How sure the number is, in words."""


ASPECTS: tuple[Aspect, ...] = (
    Aspect(
        "Quoting its sources truly",
        "citation_validity",
        "{n} in 10 citations print the source exactly.",
        1,
        1,
    ),
    Aspect("Finding the evidence", "recall@10", "It finds {n} in 10 of the findings that matter.", 0.75, 0.5),
    Aspect(
        "Citing what bears on the question",
        "citation_relevance",
        "{n} in 10 findings it cites bear on the question.",
        0.8,
        0.6,
    ),
    Aspect(
        "Backing each sentence",
        "citation_recall",
        "{n} in 10 sentences are borne out by what they cite, as far as a check of words can tell.",
        0.95,
        0.85,
    ),
    Aspect(
        "Showing the other side",
        "one_sided",
        "{n} in 10 answers leave out the cautions that belong to them.",
        0.1,
        0.3,
        lower_is_better=True,
    ),
    Aspect(
        "Saying when it does not know",
        "unanswerable_handled",
        "{n} in 10 questions without an answer are handled as they should be.",
        0.9,
        0.7,
    ),
    Aspect(
        "Answering when it could",
        "false_refusal",
        "It wrongly refuses {n} in 10 questions that it could answer.",
        0.05,
        0.1,
        lower_is_better=True,
    ),
    Aspect(
        "Following a conversation",
        "recall_lost",
        "Follow-ups lose {n} in 10 of the findings that a well put question would bring.",
        0.08,
        0.2,
        lower_is_better=True,
    ),
    Aspect(
        "Advising the right way to share",
        "mechanism_top_3",
        "In {n} in 10 situations the best advice is among the first three.",
        0.9,
        0.7,
    ),
    Aspect(
        "Not giving wrong advice",
        "mechanism_wrong_3",
        "In {n} in 10 situations clearly wrong advice is among the first three.",
        0.0,
        0.1,
        lower_is_better=True,
    ),
    Aspect(
        "Staying the same in other words",
        "paraphrase_same_decision",
        "{n} in 10 questions are decided the same way in whatever words they are put.",
        0.95,
        0.8,
    ),
)


def verdicts(summary: Json, aspects: Sequence[Aspect] = ASPECTS) -> tuple[Verdict, ...]:
    """A verdict for each aspect. It rests on the unfavourable end of the interval, not on the middle.

    `yes` needs at least the fair value at the unfavourable end, and the good value in the middle.
    """
    return tuple(_verdict(aspect, summary["metrics"].get(aspect.metric)) for aspect in aspects)


def _verdict(aspect: Aspect, row: Json | None) -> Verdict:
    if row is None or row["value"] is None:
        why = "; ".join((row or {}).get("not_applicable", {})) or "this suite does not ask for it"
        return Verdict(aspect.title, "not measured", f"Not measured: {why}.", "")
    sentence = aspect.sentence.format(n=in_ten(row["value"]))
    return Verdict(aspect.title, _word(aspect, row), sentence, _sureness(row))


def _word(aspect: Aspect, row: Json) -> str:
    sign = -1 if aspect.lower_is_better else 1
    value = sign * row["value"]
    worst_bound = row["high"] if aspect.lower_is_better else row["low"]
    worst = value if worst_bound is None else sign * worst_bound
    good, fair = sign * aspect.good, sign * aspect.fair
    if value >= good and (worst >= fair or good == fair):
        return "yes"
    return "with care" if value >= fair else "not yet"


def in_ten(value: float) -> str:
    """A share as a count out of ten, with one decimal where needed; below 0 counts as 0."""
    count = 10 * min(1.0, max(0.0, value))
    whole = round(count)
    if abs(count - whole) < 0.05:
        return str(whole)
    return f"{count:.1f}"


def _sureness(row: Json) -> str:
    cases = f"{row['n']} case" + ("" if row["n"] == 1 else "s")
    if row["low"] is None:
        return f"From {cases}; too few to say how sure."
    low, high = in_ten(row["low"]), in_ten(row["high"])
    return f"From {cases}. With other cases like these it would lie between {low} and {high}."
