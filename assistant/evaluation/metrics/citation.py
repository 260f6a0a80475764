"""Whether citations are real, needed and enough, and whether answers are grounded in what they cite.

`Phi` is the support check: does this evidence support this statement? Its name stands beside each score.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from assistant.evaluation.observed import Observed, SeenCitation, SeenStatement
from assistant.evaluation.score import Score, share

Phi = Callable[[str, str], bool]
"""(evidence, statement) -> True if the evidence supports the statement."""

NEEDS_SUPPORT = frozenset({"reported", "inference", "constructed"})
"""Kinds of sentence that must rest on something. Practice advice need not; if it cites, it must fit."""

Sources = Mapping[str, str]
"""What is known of each study (title, design, place, year), by study id: a sentence may name its source."""

NO_CITATION = "the answer cites nothing"
NO_STATEMENT = "the answer makes no statement that needs support"


def citation_faults(answer: Observed, *, stored: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """What is wrong with each bad citation, in reading order; empty if all are valid.

    Valid: the passage was retrieved for this question, and the quote is its stored text byte for byte
    (or, where only records are known, stands in the record's text). `stored`: text by passage or record id.
    """
    retrieved = {e.passage_id: e.text for e in answer.evidence}
    faults = (_fault(c, retrieved, stored or {}) for c in answer.citations)
    return tuple(fault for fault in faults if fault)


def _fault(
    citation: SeenCitation, retrieved: Mapping[str, str | None], stored: Mapping[str, str]
) -> str | None:
    where = f"citation {citation.marker} ({citation.passage_id})"
    if citation.passage_id not in retrieved:
        return f"{where} was not retrieved for this question"
    if not citation.quote:
        return f"{where} prints no words"
    text = stored.get(citation.passage_id) or retrieved[citation.passage_id] or stored.get(citation.key)
    if text is None:
        return f"{where} has no stored text to compare with"
    if citation.quote.encode() not in text.encode():
        return f"{where} does not print the stored words"
    if citation.end - citation.start != len(citation.quote):
        return f"{where} has a span that does not fit its words"
    return None


def citation_validity(answer: Observed, *, stored: Mapping[str, str] | None = None) -> Score:
    """Share of citations that are valid; it must be 1."""
    count = len(answer.citations)
    return share(count - len(citation_faults(answer, stored=stored)), count, nothing=NO_CITATION)


def citation_relevance(answer: Observed, relevant: Mapping[str, int]) -> Score:
    """Share of the distinct cited ids with a grade of 1 or more."""
    good = sum(relevant.get(key, 0) >= 1 for key in answer.cited)
    return share(good, len(answer.cited), nothing=NO_CITATION)


def cites_direct(answer: Observed, relevant: Mapping[str, int]) -> Score:
    """1 if an id of grade 2 is cited, else 0."""
    if answer.refused:
        return Score.none("refused")
    if not any(grade >= 2 for grade in relevant.values()):
        return Score.none("no item of grade 2 is labelled")
    return Score.of(any(relevant.get(key, 0) >= 2 for key in answer.cited))


def one_sided(answer: Observed, relevant: Mapping[str, int], polarity: Mapping[str, str]) -> Score:
    """1 if a relevant cautioning finding exists and the answer mentions none, else 0."""
    cautions = {key for key, grade in relevant.items() if grade >= 1 and polarity.get(key) == "cautions"}
    if answer.refused:
        return Score.none("refused")
    if not cautions:
        return Score.none("no cautioning finding is labelled")
    return Score.of(cautions.isdisjoint(answer.cited))


def citation_recall(answer: Observed, phi: Phi, *, sources: Sources = MappingProxyType({})) -> Score:
    """Share of statements whose citations, read together, support them (ALCE, section 3.3)."""
    needing = _needing(answer)
    good = sum(_supported(s.citations, s, phi, sources) for s in needing)
    return share(good, len(needing), nothing=NO_STATEMENT)


def citation_precision(answer: Observed, phi: Phi, *, sources: Sources = MappingProxyType({})) -> Score:
    """Share of citations that are needed: the statement is supported, this one not beside the point (ALCE).

    Beside the point: it does not support the statement alone, and the others support it without it.
    A passage cited twice in one sentence counts once.
    """
    good = total = 0
    for statement in _needing(answer):
        cited = _distinct(statement.citations)
        total += len(cited)
        if _supported(cited, statement, phi, sources):
            good += sum(not _beside_the_point(c, cited, statement, phi, sources) for c in cited)
    return share(good, total, nothing=NO_CITATION)


def groundedness(answer: Observed, phi: Phi, *, sources: Sources = MappingProxyType({})) -> Score:
    """Share of statements that need support and have it from anything retrieved (RAGAS faithfulness).

    Evidence without text falls back to the quotes. A refusal is not applicable.
    """
    if answer.refused:
        return Score.none("refused")
    needing = _needing(answer)
    told = [sources[e.study_id] for e in answer.evidence if e.study_id and e.study_id in sources]
    words = [e.text for e in answer.evidence if e.text]
    everything = "\n".join(dict.fromkeys((*words, *told))) if words else _read(answer.citations, sources)
    good = sum(bool(everything) and phi(everything, s.text) for s in needing)
    return share(good, len(needing), nothing=NO_STATEMENT)


def sentence_citation_f1(cited: Sequence[int], gold_sets: Sequence[Sequence[int]]) -> Score:
    """F1 of cited sentence numbers; any one whole gold set counts as complete (the rule of SciFact).

    Recall is 1 if a whole set is cited, else the best share of a set; precision counts sentences of any set.
    """
    if not gold_sets:
        return Score.none("no sentence is labelled")
    chosen = set(cited)
    if not chosen:
        return Score.of(0.0)
    precision = len(chosen & {n for gold in gold_sets for n in gold}) / len(chosen)
    recall = max(len(chosen & set(gold)) / len(set(gold)) for gold in gold_sets if gold)
    return Score.of(2 * precision * recall / (precision + recall) if precision + recall else 0.0)


def _needing(answer: Observed) -> tuple[SeenStatement, ...]:
    return tuple(s for s in answer.statements if s.kind in NEEDS_SUPPORT or s.citations)


def _distinct(citations: Sequence[SeenCitation]) -> tuple[SeenCitation, ...]:
    return tuple({c.passage_id: c for c in citations}.values())


def _read(citations: Sequence[SeenCitation], sources: Sources) -> str:
    told = (sources[c.study_id] for c in citations if c.study_id and c.study_id in sources)
    return "\n".join(dict.fromkeys((*(c.quote for c in citations), *told)))


def _supported(
    citations: Sequence[SeenCitation], statement: SeenStatement, phi: Phi, sources: Sources
) -> bool:
    return bool(citations) and phi(_read(citations, sources), statement.text)


def _beside_the_point(
    citation: SeenCitation,
    cited: Sequence[SeenCitation],
    statement: SeenStatement,
    phi: Phi,
    sources: Sources,
) -> bool:
    others = [c for c in cited if c is not citation]
    alone = phi(_read([citation], sources), statement.text)
    return not alone and _supported(others, statement, phi, sources)
