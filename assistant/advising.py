"""Advice with its sources: every finding that a card names is checked in the store and cited from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from assistant.answering.receipt import Fingerprints, make_receipt
from assistant.answering.verify import StoredWords
from assistant.domain.advice import Advice, MechanismCard, Profile
from assistant.domain.answers import Citation, CitedAdvice, Receipt, Statement, StatementKind
from assistant.domain.documents import Passage
from assistant.domain.evidence import Evidence
from assistant.domain.framework import Catalogue
from assistant.framework.recommend import Adviser

__all__ = ["AdviceDesk", "CitedAdvice", "findings_of"]


class AdviceDesk:
    """Gives cited advice."""

    def __init__(
        self,
        adviser: Adviser,
        store: StoredWords,
        catalogue: Catalogue,
        fingerprints: Fingerprints,
        clock: Callable[[], str],
    ) -> None:
        self._adviser = adviser
        self._store = store
        self._catalogue = catalogue
        self._fingerprints = fingerprints
        self._clock = clock

    def advise(
        self,
        situation: str,
        *,
        answers: Profile | None = None,
        profile: Profile | None = None,
        id: str | None = None,
    ) -> CitedAdvice:
        """Advice on a situation told in words, on answers or on a corrected profile."""
        advice = self._adviser.advise(situation, answers=answers, profile=profile)
        passages = {i: p for i in _named(advice) if (p := self._passage(i)) is not None}
        citations = {
            i: Citation(n, p.id, p.record_id, p.study_id, p.text, p.span.start, p.span.end)
            for n, (i, p) in enumerate(passages.items(), 1)
        }
        receipt = self._receipt(situation, advice, passages, citations)
        return CitedAdvice(situation, advice, citations, receipt, id)

    def _passage(self, finding_id: str) -> Passage | None:
        """The finding as it may be cited: whole, citable, and standing in its document word for word."""
        finding = self._catalogue.findings.get(finding_id)
        if finding is None:
            return None
        passage = self._store.passage(f"{finding_id}:0-{len(finding.statement)}")
        if passage is None or not passage.citable or passage.constructed:
            return None
        text = self._store.document_text(passage.document_id)
        return passage if text is not None and passage.span.of(text) == passage.text else None

    def _receipt(
        self,
        situation: str,
        advice: Advice,
        passages: Mapping[str, Passage],
        citations: Mapping[str, Citation],
    ) -> Receipt:
        statements = tuple(
            Statement(
                text=f"{card.rank}. {card.name}",
                kind=StatementKind.ADVICE,
                heading="Recommended" if card.rank <= advice.shown else "In order",
                citations=tuple(citations[i] for i in findings_of(card) if i in citations),
            )
            for card in advice.cards
        )
        parts: dict[str, Any] = {
            "question": situation,
            "standalone": situation,
            "because": advice.because,
            "lead": "",
            "state": advice.verdict.value,
            "reason": None,
            "statements": statements,
            "gaps": tuple(f"{f}: {r.state}" for f, r in sorted(advice.profile.readings.items())),
            "follow_ups": tuple(q.question.text for q in advice.questions),
            "evidence": tuple(Evidence(p, n, 0.0) for n, p in enumerate(passages.values(), 1)),
        }
        return make_receipt(parts, self._fingerprints, made_at=self._clock())


def findings_of(card: MechanismCard) -> tuple[str, ...]:
    """Ids of every finding a card rests on: for and against, those of matched conditions first."""
    matched = [i for match in (*card.met, *card.against) for i in match.findings]
    return tuple(dict.fromkeys((*matched, *card.negative_findings, *card.supporting_findings)))


def _named(advice: Advice) -> tuple[str, ...]:
    """Every finding id in the advice, in the order of the cards, once."""
    against = [i for item in advice.advise_against for i in item.findings]
    listed = [i for card in advice.cards for i in findings_of(card)]
    return tuple(dict.fromkeys((*listed, *against)))
