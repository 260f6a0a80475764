"""The findings behind advice, each checked in the store before it is cited. Advises nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from assistant.answering.stored import StoredWords, stands
from assistant.domain.advice import Advice, MechanismCard
from assistant.domain.answers import Citation
from assistant.domain.documents import Passage, Span
from assistant.domain.framework import Catalogue


def stored_findings(
    finding_ids: Iterable[str], store: StoredWords, catalogue: Catalogue
) -> dict[str, Passage]:
    """The findings that may be cited, by id: whole, citable, and standing in their document word for word."""
    found = ((key, _stored(key, store, catalogue)) for key in dict.fromkeys(finding_ids))
    return {key: passage for key, passage in found if passage is not None}


def _stored(finding_id: str, store: StoredWords, catalogue: Catalogue) -> Passage | None:
    finding = catalogue.findings.get(finding_id)
    if finding is None:
        return None
    passage = store.passage(f"{finding_id}:0-{len(finding.statement)}")
    if passage is None or not passage.citable or passage.constructed or passage.text != finding.statement:
        return None
    return passage if stands(passage, store) else None


def cited_passages(
    passages: Mapping[str, Passage], marker: Callable[[str, Span], int]
) -> dict[str, Citation]:
    """A citation of each whole passage, by the key it came with; `marker` numbers them."""
    return {
        key: Citation(marker(p.id, p.span), p.id, p.record_id, p.study_id, p.text, p.span.start, p.span.end)
        for key, p in passages.items()
    }


def findings_of(card: MechanismCard) -> tuple[str, ...]:
    """Ids of every finding a card rests on: for and against, those of conditions that hold here first."""
    known = [i for match in (*card.met, *card.against) for i in match.findings]
    open_ = [i for match in (*card.unmet, *card.cleared, *card.unknown) for i in match.findings]
    return tuple(dict.fromkeys((*known, *card.negative_findings, *card.supporting_findings, *open_)))


def findings_named(advice: Advice, *, cards: int | None = None) -> tuple[str, ...]:
    """Every finding id on the first `cards` cards, on all without it, and in what is advised against."""
    listed = [i for card in advice.cards[:cards] for i in findings_of(card)]
    against = [i for item in advice.advise_against for i in item.findings]
    return tuple(dict.fromkeys((*listed, *against)))
