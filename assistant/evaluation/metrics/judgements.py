"""One small function for each metric of the table: from a trial to a score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.evaluation import support
from assistant.evaluation.cases import ClaimCase, DialogueCase, ParaphraseCase, UnanswerableCase, VignetteCase
from assistant.evaluation.facts import Facts
from assistant.evaluation.metrics import abstention, citation, contextual, mechanism, paraphrase, ranking
from assistant.evaluation.metrics.relevance import Cosine, answer_relevance_proxy
from assistant.evaluation.metrics.words import word_cosine
from assistant.evaluation.score import Score
from assistant.evaluation.trial import Trial

NO_ANSWER = "no answer was given to judge"
NOT_SEARCHED = "no search was made"
NO_ADVICE = "the assistant does not recommend mechanisms"


@dataclass(frozen=True, slots=True)
class Context:
    """What judging needs beside the trial."""

    facts: Facts = field(default_factory=Facts)
    phi: citation.Phi = support.supports
    phi_name: str = support.NAME
    cosine: Cosine = word_cosine
    cosine_name: str = "words"


def _gold(trial: Trial) -> Mapping[str, int]:
    relevant: Mapping[str, int] = getattr(trial.case, "relevant", {})
    return relevant


def recall_at_5(trial: Trial, context: Context) -> Score:
    """Recall@5 over grades 1 and 2."""
    return _ranked(trial) or ranking.recall_at(trial.ranked, _gold(trial), 5)


def recall_at_10(trial: Trial, context: Context) -> Score:
    """Recall@10 over grades 1 and 2."""
    return _ranked(trial) or ranking.recall_at(trial.ranked, _gold(trial), 10)


def direct_recall_at_10(trial: Trial, context: Context) -> Score:
    """Recall@10 over grade 2 alone."""
    return _ranked(trial) or ranking.recall_at(trial.ranked, _gold(trial), 10, grade=2)


def ndcg_at_10(trial: Trial, context: Context) -> Score:
    """nDCG@10."""
    return _ranked(trial) or ranking.ndcg_at(trial.ranked, _gold(trial), 10)


def mrr_at_10(trial: Trial, context: Context) -> Score:
    """MRR@10."""
    return _ranked(trial) or ranking.mrr_at(trial.ranked, _gold(trial), 10)


def success_at_5(trial: Trial, context: Context) -> Score:
    """1 if a grade 2 finding is among the first five."""
    return _ranked(trial) or ranking.success_at(trial.ranked, _gold(trial), 5)


def _ranked(trial: Trial) -> Score | None:
    return Score.none(NOT_SEARCHED) if trial.hits is None else None


def citation_validity(trial: Trial, context: Context) -> Score:
    """Share of citations that are real."""
    answer = trial.answer
    if answer is None:
        return Score.none(NO_ANSWER)
    return citation.citation_validity(answer, stored=context.facts.texts)


def citation_relevance(trial: Trial, context: Context) -> Score:
    """Share of cited findings that are labelled relevant."""
    return citation.citation_relevance(trial.answer, _gold(trial)) if trial.answer else Score.none(NO_ANSWER)


def cites_direct(trial: Trial, context: Context) -> Score:
    """1 if a finding that answers directly is cited."""
    return citation.cites_direct(trial.answer, _gold(trial)) if trial.answer else Score.none(NO_ANSWER)


def one_sided(trial: Trial, context: Context) -> Score:
    """1 if a relevant caution is left out."""
    if trial.answer is None:
        return Score.none(NO_ANSWER)
    return citation.one_sided(trial.answer, _gold(trial), context.facts.polarity)


def citation_recall(trial: Trial, context: Context) -> Score:
    """Share of statements whose citations support them."""
    if trial.answer is None:
        return Score.none(NO_ANSWER)
    return citation.citation_recall(trial.answer, context.phi, sources=context.facts.sources)


def citation_precision(trial: Trial, context: Context) -> Score:
    """Share of citations that are needed."""
    if trial.answer is None:
        return Score.none(NO_ANSWER)
    return citation.citation_precision(trial.answer, context.phi, sources=context.facts.sources)


def groundedness(trial: Trial, context: Context) -> Score:
    """Share of statements that the retrieved evidence supports."""
    if trial.answer is None:
        return Score.none(NO_ANSWER)
    return citation.groundedness(trial.answer, context.phi, sources=context.facts.sources)


def answer_relevance(trial: Trial, context: Context) -> Score:
    """The word proxy for speaking of what was asked."""
    if trial.answer is None:
        return Score.none(NO_ANSWER)
    return answer_relevance_proxy(trial.answer, cosine=context.cosine)


def receipt_holds(trial: Trial, context: Context) -> Score:
    """1 if the receipt verifies."""
    if trial.receipt_faults is None:
        return Score.none("receipts were not checked")
    return Score.of(not trial.receipt_faults)


def false_refusal(trial: Trial, context: Context) -> Score:
    """1 if an answerable question was refused."""
    return Score.of(trial.answer.refused) if trial.answer else Score.none(NO_ANSWER)


def handled(trial: Trial, context: Context) -> Score:
    """1 if an unanswerable question was handled well."""
    how = handling(trial, context)
    return Score.of(how.handled) if how else Score.none(NO_ANSWER)


def right_reason(trial: Trial, context: Context) -> Score:
    """1 if the reason given fits the kind of unanswerable question."""
    how = handling(trial, context)
    return Score.of(how.right_reason) if how else Score.none(NO_ANSWER)


def handling(trial: Trial, context: Context) -> abstention.Handling | None:
    """How an unanswerable question was handled; None for any other case, or without an answer."""
    case = trial.case
    if trial.answer is None or not isinstance(case, UnanswerableCase):
        return None
    return abstention.handle(trial.answer, kind=case.kind, related=case.related, texts=context.facts.texts)


def mechanism_top_1(trial: Trial, context: Context) -> Score:
    """1 if the first mechanism is a best one."""
    return _advised(trial) or mechanism.best_at(trial.mechanisms or (), _vignette(trial), 1)


def mechanism_top_3(trial: Trial, context: Context) -> Score:
    """1 if a best mechanism is among the first three."""
    return _advised(trial) or mechanism.best_at(trial.mechanisms or (), _vignette(trial), 3)


def mechanism_sound_1(trial: Trial, context: Context) -> Score:
    """1 if the first mechanism is best or acceptable."""
    return _advised(trial) or mechanism.sound_at(trial.mechanisms or (), _vignette(trial), 1)


def mechanism_wrong_3(trial: Trial, context: Context) -> Score:
    """1 if a clearly wrong mechanism is among the first three."""
    return _advised(trial) or mechanism.wrong_at(trial.mechanisms or (), _vignette(trial), 3)


def factor_recall(trial: Trial, context: Context) -> Score:
    """Share of the labelled factors noticed."""
    if trial.factors is None:
        return Score.none("the assistant names no factors")
    return mechanism.factor_recall(trial.factors, _vignette(trial))


def opposite_level(trial: Trial, context: Context) -> Score:
    """Share of the factors noticed that were put at the opposite end."""
    if trial.factors is None:
        return Score.none("the assistant names no factors")
    return mechanism.opposite_level(trial.factors, _vignette(trial))


def quadrant_right(trial: Trial, context: Context) -> Score:
    """1 if the relationship was put in the right quarter."""
    return _advised(trial) or mechanism.quadrant_right(trial.quadrant, _vignette(trial))


def support_right(trial: Trial, context: Context) -> Score:
    """1 if the support check says of a statement what people say."""
    case = trial.case
    if not isinstance(case, ClaimCase):
        return Score.none("not a statement beside evidence")
    return Score.of(context.phi(case.evidence, case.statement) == case.supported)


def _advised(trial: Trial) -> Score | None:
    return Score.none(NO_ADVICE) if trial.mechanisms is None else None


def _vignette(trial: Trial) -> VignetteCase:
    if not isinstance(trial.case, VignetteCase):
        raise TypeError("only a situation has mechanisms")
    return trial.case


def standalone_token_f1(trial: Trial, context: Context) -> Score:
    """Word F1 of the own rewrite of a follow-up and a person's."""
    if trial.answer is None or not isinstance(trial.case, DialogueCase):
        return Score.none(NO_ANSWER)
    return contextual.token_f1(trial.answer.standalone, trial.case.standalone)


def recall_lost(trial: Trial, context: Context) -> Score:
    """Recall@10 that the own rewrite loses against a person's; below 0 it gains."""
    ceiling = ranking.recall_at(trial.ceiling or (), _gold(trial), 10)
    own = ranking.recall_at(trial.ranked, _gold(trial), 10)
    if trial.ceiling is None or ceiling.value is None or own.value is None:
        return Score.none(NOT_SEARCHED if trial.ceiling is None else ranking.NO_GOLD)
    return Score.of(ceiling.value - own.value)


def paraphrase_overlap_10(trial: Trial, context: Context) -> Score:
    """Mean overlap@10 of the wordings."""
    return paraphrase.mean_overlap([v.ranked for v in trial.variants])


def paraphrase_rbo_10(trial: Trial, context: Context) -> Score:
    """Mean rank-biased overlap of the wordings."""
    return paraphrase.mean_rank_biased_overlap([v.ranked for v in trial.variants])


def paraphrase_same_decision(trial: Trial, context: Context) -> Score:
    """1 if all wordings were answered or all refused."""
    return paraphrase.same_decision([v.answer.refused for v in trial.variants if v.answer])


def paraphrase_right_decision(trial: Trial, context: Context) -> Score:
    """1 if every wording was answered (or, where it cannot be, refused or given a reason)."""
    case = trial.case
    answers = [v.answer for v in trial.variants if v.answer]
    if not isinstance(case, ParaphraseCase) or not answers:
        return Score.none(NO_ANSWER)
    return Score.of(all((not a.refused) if case.answerable else bool(a.refused or a.reason) for a in answers))


def paraphrase_worst_recall(trial: Trial, context: Context) -> Score:
    """Recall@10 of the wording that finds least."""
    return paraphrase.worst_recall([v.ranked for v in trial.variants], _gold(trial))
