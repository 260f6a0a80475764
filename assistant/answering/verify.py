"""The only place where an `Answer` is made: every sentence is checked against the stored words it points to.

A statement that points to a passage that was not retrieved, to words that are not stored as they were
indexed, or whose own words its passages do not bear out, is dropped and never shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from assistant.answering.advised import cited_passages, findings_named, stored_findings
from assistant.answering.attribution import OPENINGS, attributed, quoted
from assistant.answering.receipt import Fingerprints, make_receipt
from assistant.answering.stored import StoredWords as StoredWords
from assistant.answering.stored import stands
from assistant.answering.support import check_support
from assistant.answering.tallying import miscounted
from assistant.domain.answers import (
    _SEAL,
    Advised,
    Answer,
    Citation,
    CitedAdvice,
    Decision,
    Draft,
    DraftStatement,
    Pointer,
    Reason,
    Receipt,
    State,
    Statement,
    StatementKind,
)
from assistant.domain.conversation import Question
from assistant.domain.documents import Passage, Span
from assistant.domain.evidence import Evidence
from assistant.domain.framework import Catalogue

_BESIDE_THE_POINT = {Reason.PERSONAL_OR_LEGAL, Reason.OUT_OF_DOMAIN}
"""Reasons for which whatever was found has nothing to do with the question, so that none of it is listed."""
_CITED_KINDS = {StatementKind.REPORTED, StatementKind.INFERENCE, StatementKind.CONSTRUCTED}


_NOTHING_HELD = Decision(
    State.REFUSED,
    Reason.NOTHING_FOUND,
    "Nothing was found here that answers this.",
    missing=("Nothing was found here that answers this.",),
)
"""What a decision to answer becomes when no sentence of the draft passed the check."""


@dataclass(slots=True)
class Checked:
    """What the check let through and what it dropped, sentence by sentence."""

    statements: list[Statement] = field(default_factory=list)
    leads: int = 0
    dropped: list[str] = field(default_factory=list)
    markers: dict[tuple[str, int, int], int] = field(default_factory=dict)

    def marker(self, passage_id: str, span: Span) -> int:
        """The number of a cited stretch: the same words keep one number, numbered as they first appear."""
        return self.markers.setdefault((passage_id, span.start, span.end), len(self.markers) + 1)


class Verifier:
    """Checks drafts against the store and seals what holds."""

    def __init__(self, store: StoredWords, catalogue: Catalogue, fingerprints: Fingerprints) -> None:
        self._store = store
        self._catalogue = catalogue
        self._fingerprints = fingerprints

    def check(
        self, draft: Draft, evidence: Sequence[Evidence], into: Checked
    ) -> Iterator[tuple[int, Statement]]:
        """Yields each statement that holds, with its place from 0, as soon as it is checked."""
        retrieved = {e.passage.id for e in evidence}
        for proposed in draft.statements:
            stretches, fault = self._quote(proposed, retrieved)
            if fault is None:
                fault = self._unsupported(proposed, stretches)
            if fault is not None:
                into.dropped.append(fault)
                continue
            citations = tuple(_citation(passage, span, into) for passage, span in stretches)
            statement = Statement(proposed.text, proposed.kind, proposed.heading, citations)
            if proposed.lead and into.leads == len(into.statements):
                into.leads += 1
            into.statements.append(statement)
            yield len(into.statements) - 1, statement

    def seal(
        self,
        question: Question,
        decision: Decision,
        draft: Draft,
        checked: Checked,
        evidence: Sequence[Evidence],
        *,
        timings_ms: Mapping[str, float],
        made_at: str,
        advised: Advised | None = None,
    ) -> Answer:
        """The answer made of what held. It is refused, without advice, if nothing cited is left of it."""
        state = _state(decision, checked)
        if state is State.REFUSED and decision.state is not State.REFUSED:
            decision = _NOTHING_HELD
        statements = tuple(checked.statements) if state is not State.REFUSED else ()
        lead = " ".join(s.text for s in statements[: checked.leads]) or decision.because
        parts: dict[str, Any] = {
            "id": question.id,
            "question": question.text,
            "standalone": question.standalone,
            "state": state,
            "reason": decision.reason,
            "because": decision.because,
            "lead": lead,
            "statements": statements,
            "gaps": tuple(dict.fromkeys((*decision.missing, *(draft.gaps if statements else ())))),
            "follow_ups": tuple(dict.fromkeys((*draft.follow_ups, *decision.suggestions)))[:4],
            "evidence": () if decision.reason in _BESIDE_THE_POINT else tuple(evidence),
        }
        written_by = replace(self._fingerprints, composer=draft.composer or self._fingerprints.composer)
        advice, passages = self._cite(advised, checked, question.id)
        if state is State.REFUSED and passages:
            advice, passages = None, ()
        receipt = make_receipt(parts, written_by, made_at=made_at, advice=advice, advised=passages)
        sealed = None if advice is None else replace(advice, receipt=receipt)
        return Answer(**parts, receipt=receipt, timings_ms=dict(timings_ms), advice=sealed, seal=_SEAL)

    def _cite(
        self, advised: Advised | None, checked: Checked, id: str | None
    ) -> tuple[CitedAdvice | None, tuple[Passage, ...]]:
        """The advice with every finding on its shown cards as stored; those that may not be cited fall out.

        Its numbers go on from those of the statements, and the same words keep theirs.
        """
        if advised is None:
            return None, ()
        named = findings_named(advised.advice, cards=advised.advice.shown)
        passages = stored_findings(named, self._store, self._catalogue)
        citations = cited_passages(passages, checked.marker)
        cited = CitedAdvice(advised.situation, advised.advice, citations, Receipt({}), id)
        return cited, tuple(passages.values())

    def _quote(
        self, proposed: DraftStatement, retrieved: set[str]
    ) -> tuple[list[tuple[Passage, Span]], str | None]:
        """The stored stretches a statement points to, or why it may not point there."""
        ours = proposed.tally is None or proposed.kind is StatementKind.INFERENCE
        if (proposed.kind in _CITED_KINDS) != bool(proposed.pointers) or not ours:
            return [], f"kind and citations do not fit: {proposed.text}"
        stretches: list[tuple[Passage, Span]] = []
        for pointer in proposed.pointers:
            if pointer.passage_id not in retrieved:
                return [], f"points to a passage that was not retrieved: {pointer.passage_id}"
            passage = self._as_stored(pointer, proposed)
            if passage is None:
                return [], f"points to words that are not stored as indexed: {pointer.passage_id}"
            stretches.append((passage, pointer.span or passage.span))
        if len({passage.domain for passage, _ in stretches}) > 1:
            return [], f"mixes studies of different fields: {proposed.text}"
        return stretches, None

    def _as_stored(self, pointer: Pointer, proposed: DraftStatement) -> Passage | None:
        """The passage, if it may be cited so and stands in its document word for word.

        A count over findings of any kind is ours, whatever kind they are.
        """
        kind = proposed.kind
        passage = self._store.passage(pointer.passage_id)
        if passage is None or not passage.citable:
            return None
        if passage.constructed != (kind is StatementKind.CONSTRUCTED):
            return None
        if proposed.tally is None and not self._kind_fits(passage, kind):
            return None
        if not stands(passage, self._store):
            return None
        span = pointer.span or passage.span
        inside = passage.span.start <= span.start and span.end <= passage.span.end
        return passage if inside else None

    def _kind_fits(self, passage: Passage, kind: StatementKind) -> bool:
        """What we infer is never passed off as reported, nor the other way round."""
        finding = self._catalogue.findings.get(passage.record_id or "")
        return finding is None or (finding.kind == "inference") == (kind is StatementKind.INFERENCE)

    def _unsupported(
        self, proposed: DraftStatement, quoted_words: Sequence[tuple[Passage, Span]]
    ) -> str | None:
        """Why the cited words do not bear the sentence out; None if they do."""
        if not quoted_words:
            return None
        if proposed.tally is not None:
            records = [passage.record_id or "" for passage, _ in quoted_words]
            return miscounted(proposed, records, self._catalogue)
        quotes = [_words(passage, span) for passage, span in quoted_words]
        own = [
            self._with_source(passage, words)
            for (passage, _), words in zip(quoted_words, quotes, strict=True)
        ]
        for words in (*own, *quotes):
            if proposed.text.endswith(words):
                # Beside stored words nothing may stand that is not known to claim nothing itself.
                known = proposed.text.removesuffix(words) in OPENINGS
                return None if known else f"opens with words of its own: {proposed.text}"
        verdict = check_support(proposed.text, [*quotes, *own])
        return None if verdict.label == "supported" else f"not borne out by its sources: {proposed.text}"

    def _with_source(self, passage: Passage, words: str) -> str:
        finding = self._catalogue.findings.get(passage.record_id or "")
        if finding is None:
            return quoted(passage, words)
        return attributed(finding, self._catalogue.studies[finding.study_id])


def _words(passage: Passage, span: Span) -> str:
    return passage.text[span.start - passage.span.start : span.end - passage.span.start]


def _citation(passage: Passage, span: Span, checked: Checked) -> Citation:
    marker = checked.marker(passage.id, span)
    words = _words(passage, span)
    return Citation(marker, passage.id, passage.record_id, passage.study_id, words, span.start, span.end)


def _state(decision: Decision, checked: Checked) -> State:
    cited = any(s.citations for s in checked.statements)
    if decision.state is State.REFUSED or not cited:
        return State.REFUSED
    if checked.dropped:
        return State.PARTLY_GROUNDED
    return decision.state
