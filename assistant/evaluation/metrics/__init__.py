"""The table of metrics: name, function, what it says in plain words, and which way is better.

To add one: a function in this folder and a row here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from assistant.registry import Registry

_JUDGEMENTS = "assistant.evaluation.metrics.judgements"


@dataclass(frozen=True, slots=True)
class Metric:
    """One row of the table."""

    name: str
    function: str
    says: str
    """For readers: what the number is, in one sentence."""
    cases: tuple[str, ...]
    """The kinds of case it is for, as in the folder names under `evals/`."""
    better: Literal["higher", "lower"] = "higher"
    checked_by: Literal["labels", "support check", "words"] = "labels"
    """What decides: people's labels, the support check, or a proxy made of words."""

    @property
    def part(self) -> str:
        """Where the function lives, for the registry."""
        return f"{_JUDGEMENTS}:{self.function}"


_FOUND = ("questions", "dialogues")
_ANSWERED = ("questions", "unanswerable", "dialogues")

ROWS: tuple[Metric, ...] = (
    Metric(
        "recall@5", "recall_at_5", "Share of the findings that matter among the first five found.", _FOUND
    ),
    Metric(
        "recall@10", "recall_at_10", "Share of the findings that matter among the first ten found.", _FOUND
    ),
    Metric(
        "recall@10_direct",
        "direct_recall_at_10",
        "Share of the findings that answer directly among the first ten found.",
        _FOUND,
    ),
    Metric(
        "ndcg@10", "ndcg_at_10", "How well the first ten are ordered; 1 is the best order there is.", _FOUND
    ),
    Metric("mrr@10", "mrr_at_10", "How soon the first finding that matters comes; 1 is at once.", _FOUND),
    Metric(
        "success@5", "success_at_5", "Share of questions with a direct answer among the first five.", _FOUND
    ),
    Metric(
        "citation_validity",
        "citation_validity",
        "Share of citations that were found for the question and print the stored words exactly.",
        _ANSWERED,
    ),
    Metric(
        "citation_relevance",
        "citation_relevance",
        "Share of cited findings that people labelled as bearing on the question.",
        _FOUND,
    ),
    Metric(
        "cites_direct", "cites_direct", "Share of answers that cite a finding which answers directly.", _FOUND
    ),
    Metric(
        "one_sided",
        "one_sided",
        "Share of answers that leave out every caution that bears on the question.",
        _FOUND,
        better="lower",
    ),
    Metric(
        "citation_recall",
        "citation_recall",
        "Share of sentences that their citations fully support.",
        _FOUND,
        checked_by="support check",
    ),
    Metric(
        "citation_precision",
        "citation_precision",
        "Share of citations that a sentence needs.",
        _FOUND,
        checked_by="support check",
    ),
    Metric(
        "groundedness",
        "groundedness",
        "Share of sentences that the retrieved evidence supports.",
        _FOUND,
        checked_by="support check",
    ),
    Metric(
        "answer_relevance",
        "answer_relevance",
        "A rough sign, from words alone, that the answer speaks of what was asked.",
        _FOUND,
        checked_by="words",
    ),
    Metric("receipt_holds", "receipt_holds", "Share of receipts that check out.", _ANSWERED),
    Metric(
        "false_refusal",
        "false_refusal",
        "Share of questions that the evidence answers and that were refused all the same.",
        _FOUND,
        better="lower",
    ),
    Metric(
        "unanswerable_handled",
        "handled",
        "Share of questions without an answer that were handled as they should be.",
        ("unanswerable",),
    ),
    Metric(
        "unanswerable_reason",
        "right_reason",
        "Share of questions without an answer where the reason given is the right one.",
        ("unanswerable",),
    ),
    Metric(
        "mechanism_top_1",
        "mechanism_top_1",
        "Share of situations where the first advice is best.",
        ("vignettes",),
    ),
    Metric(
        "mechanism_top_3",
        "mechanism_top_3",
        "Share of situations with the best advice among the first three.",
        ("vignettes",),
    ),
    Metric(
        "mechanism_sound_1",
        "mechanism_sound_1",
        "Share of situations where the first advice is best or acceptable.",
        ("vignettes",),
    ),
    Metric(
        "mechanism_wrong_3",
        "mechanism_wrong_3",
        "Share of situations with clearly wrong advice among the first three.",
        ("vignettes",),
        better="lower",
    ),
    Metric(
        "factor_recall",
        "factor_recall",
        "Share of the conditions in a situation that were noticed.",
        ("vignettes",),
    ),
    Metric(
        "opposite_level",
        "opposite_level",
        "Share of the conditions noticed that were read the wrong way round.",
        ("vignettes",),
        better="lower",
    ),
    Metric(
        "quadrant_right",
        "quadrant_right",
        "Share of relationships put in the right quarter of the spectrum.",
        ("vignettes",),
    ),
    Metric(
        "support_check_right",
        "support_right",
        "Share of statements that the support check judges as people do.",
        ("claims",),
    ),
    Metric(
        "standalone_token_f1",
        "standalone_token_f1",
        "How close the words of the rewritten follow-up are to a person's rewrite.",
        ("dialogues",),
    ),
    Metric(
        "recall_lost",
        "recall_lost",
        "Findings lost because a follow-up was understood less well than by a person.",
        ("dialogues",),
        better="lower",
    ),
    Metric(
        "paraphrase_overlap@10",
        "paraphrase_overlap_10",
        "How much of the evidence stays the same when the question is put in other words.",
        ("paraphrases",),
    ),
    Metric(
        "paraphrase_rbo@10",
        "paraphrase_rbo_10",
        "The same, with the first places counting most.",
        ("paraphrases",),
    ),
    Metric(
        "paraphrase_same_decision",
        "paraphrase_same_decision",
        "Share of questions answered, or refused, in whatever words they are put.",
        ("paraphrases",),
    ),
    Metric(
        "paraphrase_right_decision",
        "paraphrase_right_decision",
        "Share of questions where every wording is rightly answered or rightly refused.",
        ("paraphrases",),
    ),
    Metric(
        "paraphrase_worst_recall@10",
        "paraphrase_worst_recall",
        "Share of the findings that matter, for the wording that finds least.",
        ("paraphrases",),
    ),
)

METRICS: Mapping[str, Metric] = {row.name: row for row in ROWS}
FUNCTIONS = Registry("metric", {row.name: row.part for row in ROWS})
