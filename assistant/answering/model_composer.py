"""Lets a chat model word an answer, sentence by sentence, under the evidence composer's eyes.

The model sees numbered evidence that was already chosen, and nothing else. It never quotes: it names ids, and
stored words are put in. What it writes is kept only if the verifying step would release it; if too little is
left, or the model fails, the evidence composer's draft is the answer and says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from assistant.answering.placing import CONTRARY as CONTRARY
from assistant.answering.placing import EVIDENCE, HEADINGS, heading_of
from assistant.answering.support_rules.comparing import met, read_sentence, read_text
from assistant.answering.verify import Checked, Verifier
from assistant.domain.answers import Decision, Draft, DraftStatement, Pointer, State, StatementKind
from assistant.domain.conversation import Question
from assistant.domain.documents import Passage, Tier
from assistant.domain.evidence import Evidence
from assistant.domain.framework import Catalogue, Polarity
from assistant.language.common_words import COMMON_WORDS
from assistant.language.faults import ModelFault
from assistant.language.prompts import Prompt
from assistant.language.replies import Claim, Dropped, Reading, read_reply
from assistant.language.spotlight import FENCE, marked, marker_for, talks_to_the_machine, unmarked
from assistant.retrieval.asking import Asking

SHORT_ANSWER = "Short answer"
SAID = "What participants said"
NOT_USED = "The language model's wording was not used: {}."
TOO_LITTLE = "too little of it was borne out by the evidence"
NOT_SHOWN = "none of this evidence may be handed to it"
_FEWEST_TELLING = 3
_CONTRARY = {Polarity.CAUTIONS, Polarity.MIXED}


class Writer(Protocol):
    """A chat model within limits."""

    @property
    def stays_here(self) -> bool:
        """True if nothing that the model is given leaves this computer."""

    def stream(self, system: str, user: str) -> Iterator[str]:
        """The reply, piece by piece. Raises ModelFault."""


class EvidenceWriter(Protocol):
    """The composer that needs no model."""

    name: str

    def compose(
        self, question: Question, asking: Asking, decision: Decision, evidence: Sequence[Evidence]
    ) -> Draft:
        """A draft from the evidence alone."""

    def limits_of(self, evidence: Sequence[Evidence]) -> tuple[str, ...]:
        """What a careful reader should know about these passages."""


@dataclass(frozen=True, slots=True)
class ModelComposerLimits:
    """How much the model is shown, and how much of it must hold."""

    shown: int = 8
    least: int = 2
    """Fewer sentences than this that hold, and the evidence composer answers."""
    most: int = 8
    leads: int = 2
    tiers: frozenset[Tier] = frozenset({Tier.OPEN, Tier.SAFEGUARDED})
    """What the asker may see. A model elsewhere is shown open passages only, whatever stands here."""


class ModelComposer:
    """Asks a model to word the evidence, and trusts nothing of what comes back."""

    name = "model/1"

    def __init__(
        self,
        *,
        model: Writer,
        prompt: Prompt,
        fallback: EvidenceWriter,
        verifier: Verifier,
        catalogue: Catalogue,
        limits: ModelComposerLimits | None = None,
    ) -> None:
        self._model = model
        self._prompt = prompt
        self._fallback = fallback
        self._verifier = verifier
        self._catalogue = catalogue
        self._limits = limits or ModelComposerLimits()

    def compose(
        self, question: Question, asking: Asking, decision: Decision, evidence: Sequence[Evidence]
    ) -> Draft:
        """A draft in the model's words, or the evidence composer's.

        The model is asked only where the gate let a plain answer pass: a refusal, and an answer that needs
        careful words about what is missing, are never its to write.
        """
        plain = self._fallback.compose(question, asking, decision, evidence)
        plain = replace(plain, composer=self._fallback.name)
        if decision.state is State.REFUSED or decision.reason is not None or not plain.statements:
            return plain
        shown = self._shown(plain, decision, evidence)
        if not shown:
            return _labelled(plain, NOT_SHOWN)
        try:
            reply = self._ask(question, shown)
        except ModelFault as failed:
            return _labelled(plain, str(failed.fault))
        reading = read_reply(
            reply,
            {number: e.passage.text for number, e in shown.items()},
            prompt_words=self._prompt.words,
        )
        kept = self._supported(reading, shown, evidence)
        if len(kept) < self._limits.least:
            return _labelled(plain, TOO_LITTLE)
        return self._draft(kept, plain, reading, evidence)

    def _shown(self, plain: Draft, decision: Decision, evidence: Sequence[Evidence]) -> dict[int, Evidence]:
        """What the model is shown, numbered from 1: first what the evidence composer chose.

        Where findings were found it sees these alone: researchers read and coded them, and nobody else could
        slip an order into them.
        """
        by_id = {e.passage.id: e for e in evidence}
        chosen = [p.passage_id for s in plain.statements for p in s.pointers]
        in_order = dict.fromkeys(i for i in (*chosen, *decision.admitted) if i in set(decision.admitted))
        found = [by_id[i] for i in in_order if i in by_id]
        coded = [e for e in found if e.passage.record_id in self._catalogue.findings]
        fit = [e for e in coded or found if self._may_be_shown(e.passage)]
        same = [e for e in fit if e.passage.domain == fit[0].passage.domain]
        return dict(enumerate(same[: self._limits.shown], start=1))

    def _may_be_shown(self, passage: Passage) -> bool:
        allowed = self._limits.tiers if self._model.stays_here else self._limits.tiers & {Tier.OPEN}
        harmless = not talks_to_the_machine(passage.text)
        return passage.tier in allowed and passage.citable and not passage.constructed and harmless

    def _ask(self, question: Question, shown: Mapping[int, Evidence]) -> str:
        """The whole reply, with its markers turned back into spaces."""
        texts = [e.passage.text for e in shown.values()]
        marker = marker_for([*texts, question.standalone])
        system, user = self._prompt.fill(
            {
                "marker": marker,
                "fence": FENCE,
                "question": " ".join(question.standalone.replace("=", " ").split()),
                "evidence": "\n".join(marked(n, e.passage.text, marker) for n, e in shown.items()),
            }
        )
        return unmarked("".join(self._model.stream(system, user)), marker)

    def _supported(
        self, reading: Reading, shown: Mapping[int, Evidence], evidence: Sequence[Evidence]
    ) -> list[DraftStatement]:
        """The first claims that the verifying step would release, as statements; the others are counted."""
        kept: list[DraftStatement] = []
        for claim in reading.claims:
            statement = self._statement(claim, shown)
            reason = self._against(claim, statement, shown, evidence)
            if reason is None and len(kept) == self._limits.most:
                reason = Dropped.EXTRA
            if reason is None:
                kept.append(statement)
            else:
                reading.dropped[reason] += 1
        return kept

    def _against(
        self,
        claim: Claim,
        statement: DraftStatement,
        shown: Mapping[int, Evidence],
        evidence: Sequence[Evidence],
    ) -> Dropped | None:
        reason = _about_words(claim, shown)
        if reason is not None:
            return reason
        released = any(self._verifier.check(Draft((statement,)), evidence, Checked()))
        return None if released else Dropped.UNSUPPORTED

    def _statement(self, claim: Claim, shown: Mapping[int, Evidence]) -> DraftStatement:
        passages = [shown[number].passage for number in claim.ids]
        findings = [self._catalogue.findings.get(p.record_id or "") for p in passages]
        inferred = any(f is not None and f.kind == "inference" for f in findings)
        return DraftStatement(
            text=claim.text,
            kind=StatementKind.INFERENCE if inferred else StatementKind.REPORTED,
            heading=EVIDENCE,
            pointers=tuple(Pointer(p.id) for p in passages),
        )

    def _draft(
        self,
        kept: Sequence[DraftStatement],
        plain: Draft,
        reading: Reading,
        evidence: Sequence[Evidence],
    ) -> Draft:
        leads = [replace(s, heading=SHORT_ANSWER, lead=True) for s in kept[: self._limits.leads]]
        cited = {p.passage_id for s in kept for p in s.pointers}
        statements = (
            *leads,
            *kept[self._limits.leads :],
            *sorted(self._contrary(plain, cited, evidence), key=lambda s: HEADINGS.index(s.heading)),
            *self._said(plain, cited, evidence),
            *(s for s in plain.statements if s.kind is StatementKind.ADVICE),
        )
        cited = {p.passage_id for s in statements for p in s.pointers}
        used = [e for e in evidence if e.passage.id in cited]
        return Draft(
            statements=statements,
            gaps=(*self._fallback.limits_of(used), *_counted(reading)),
            follow_ups=plain.follow_ups,
            composer=self.name,
        )

    def _said(self, plain: Draft, cited: set[str], evidence: Sequence[Evidence]) -> Iterator[DraftStatement]:
        """Participants' words beside findings, as the evidence composer quotes them; none beside prose."""
        coded = {e.passage.id for e in evidence if e.passage.record_id in self._catalogue.findings}
        for statement in plain.statements:
            if statement.heading == SAID and cited & coded and not talks_to_the_machine(statement.text):
                yield statement

    def _contrary(
        self, plain: Draft, cited: set[str], evidence: Sequence[Evidence]
    ) -> Iterator[DraftStatement]:
        """Findings against that the model left out, in their own words: a model cannot hide them."""
        records = {e.passage.id: e.passage.record_id or "" for e in evidence}
        for statement in plain.statements:
            ids = {p.passage_id for p in statement.pointers}
            findings = [self._catalogue.findings.get(records.get(i, "")) for i in ids - cited]
            against = [f for f in findings if f is not None and f.polarity in _CONTRARY]
            if against:
                yield replace(statement, heading=heading_of(against[0]), lead=False)


def _about_words(claim: Claim, shown: Mapping[int, Evidence]) -> Dropped | None:
    """What is against the words of a claim: its evidence has one in no form, or they tell next to nothing.

    Everyday words count for neither.

    The support check weighs a sentence as a whole, so one planted word could ride on a true sentence.
    """
    held = read_text(tuple(shown[number].passage.text for number in claim.ids)).stems
    telling = [w for w in read_sentence(claim.text).content if w.lower not in COMMON_WORDS]
    if any(not met(word, held) for word in telling):
        return Dropped.OWN_WORDS
    return Dropped.LENGTH if len(telling) < _FEWEST_TELLING else None


def _labelled(plain: Draft, because: str) -> Draft:
    return replace(plain, gaps=(*plain.gaps, NOT_USED.format(because)))


def _counted(reading: Reading) -> Iterator[str]:
    number = sum(reading.dropped.values())
    if number:
        sentences = "1 sentence" if number == 1 else f"{number} sentences"
        was = "was" if number == 1 else "were"
        yield f"{sentences} of the language model did not pass the checks and {was} left out."
