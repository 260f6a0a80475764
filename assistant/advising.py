"""Advice with its sources: every finding that a card names is checked in the store and cited from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import Any

from assistant.advice_step import asked_about, asked_first
from assistant.answering.advised import cited_passages, findings_named, findings_of, stored_findings
from assistant.answering.receipt import Fingerprints, make_receipt
from assistant.answering.stored import StoredWords
from assistant.domain.advice import Advice, Profile
from assistant.domain.answers import CitedAdvice, Decision, Receipt
from assistant.domain.documents import Passage
from assistant.domain.evidence import Evidence
from assistant.domain.framework import Catalogue, FactorLevel
from assistant.errors import InputError
from assistant.framework.profile import joined, put_right
from assistant.framework.recommend import Adviser
from assistant.retrieval.asking import Asking
from assistant.retrieval.mechanism_names import MechanismNames

__all__ = ["AdviceDesk", "CitedAdvice", "findings_of"]

Corrections = Mapping[str, FactorLevel | None]
"""Factor to the level that somebody put it right to; None for one that is not known after all."""


class AdviceDesk:
    """Gives advice, and cites it."""

    def __init__(
        self,
        adviser: Adviser,
        store: StoredWords,
        catalogue: Catalogue,
        fingerprints: Fingerprints,
        clock: Callable[[], str],
        settled: Callable[[str], Decision | None] = lambda text: None,
    ) -> None:
        """`settled` refuses a situation in which words are said that settle it, such as those of danger."""
        self._adviser = adviser
        self._settled = settled
        self._store = store
        self._catalogue = catalogue
        self._fingerprints = fingerprints
        self._clock = clock
        self._names = MechanismNames(catalogue.mechanisms)

    def advise(
        self,
        situation: str,
        *,
        answers: Profile | None = None,
        profile: Profile | None = None,
        corrections: Corrections | None = None,
        asked: str | None = None,
        id: str | None = None,
    ) -> CitedAdvice:
        """Cited advice on a situation told in words, on answers, on a corrected profile, with corrections.

        `asked` is the mechanism whose worth is doubted, if there is one; its card comes first.
        Raises InputError for a correction of a factor that does not exist, and for words newly told that the
        corpus keeps out of whatever else is said; the sentence then says who can help.
        """
        kept_out = self._settled(situation) if profile is None else None
        if kept_out is not None:
            raise InputError(kept_out.because, hint=" ".join(kept_out.missing[1:]))
        weighed = self.weigh(situation, corrections or {}, answers=answers, profile=profile)
        advice = asked_first(weighed, asked)
        passages = stored_findings(findings_named(advice), self._store, self._catalogue)
        numbers = count(1)
        citations = cited_passages(passages, lambda passage_id, span: next(numbers))
        given = CitedAdvice(situation, advice, citations, Receipt({}), id)
        parts: dict[str, Any] = {
            "question": situation,
            "standalone": situation,
            "because": advice.because,
            "lead": "",
            "state": advice.verdict.value,
            "reason": None,
            "statements": (),
            "gaps": (),
            "follow_ups": (),
            "evidence": (),
        }
        receipt = make_receipt(
            parts,
            self._fingerprints,
            made_at=self._clock(),
            advice=given,
            all_cards=True,
            advised=passages.values(),
        )
        return replace(given, receipt=receipt)

    def weigh(
        self,
        situation: str,
        corrections: Corrections,
        *,
        answers: Profile | None = None,
        profile: Profile | None = None,
    ) -> Advice:
        """Advice on a situation, its readings put right last; nothing is cited yet.

        Answers outrank what was read from words, and what was put right outranks both. Raises InputError for
        a correction of a factor that does not exist.
        """
        framework = self._catalogue.framework
        if not corrections or framework is None:
            return self._adviser.advise(situation, answers=answers, profile=profile)
        known = profile if profile is not None else self._adviser.conditions.read(situation)
        known = joined(known, answers) if answers else known
        return self._adviser.advise(situation, profile=put_right(known, corrections, framework))

    def behind(self, advice: Advice) -> tuple[Passage, ...]:
        """One finding for each card shown, as stored: on a condition that holds here, if there is one."""
        firsts = (self._first(findings_of(card)) for card in advice.cards[: advice.shown])
        return tuple(dict.fromkeys(passage for passage in firsts if passage is not None))

    def _first(self, finding_ids: Sequence[str]) -> Passage | None:
        stored = (stored_findings([key], self._store, self._catalogue).get(key) for key in finding_ids)
        return next((passage for passage in stored if passage is not None), None)

    def asked_about(self, asking: Asking, evidence: Sequence[Evidence]) -> str | None:
        """The one mechanism whose worth a question doubts, by name or by what was found; None if none."""
        return asked_about(asking, evidence, self._catalogue, self._names)
