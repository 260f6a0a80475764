"""A composer with a model, on findings of the bundled corpus, with retrieval faked: no index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.answering.evidence_composer import EvidenceComposer
from assistant.answering.model_composer import ModelComposer, ModelComposerLimits
from assistant.answering.receipt import Fingerprints
from assistant.answering.verify import Checked, Verifier
from assistant.domain.answers import Answer, Decision, Draft, State
from assistant.domain.conversation import Question
from assistant.domain.documents import BlockKind, Passage, Span, Tier
from assistant.domain.evidence import Evidence
from assistant.domain.framework import Catalogue
from assistant.ingestion.corpus import load_corpus
from assistant.language.prompts import load_prompt
from assistant.retrieval.asking import read_asking

ROOT = Path(__file__).parents[2]
PROMPT = load_prompt(ROOT / "prompts" / "answer.md")
EVIDENCE_COMPOSER = EvidenceComposer.name


def passage_of(name: str, text: str, **more: object) -> Passage:
    """A stored passage that is the whole of its document."""
    fields: dict[str, object] = {"kind": BlockKind.PARAGRAPH, "ordinal": 0, "tier": Tier.OPEN, **more}
    return Passage(document_id=name, span=Span(0, len(text)), text=text, **fields)  # type: ignore[arg-type]


class Shelf:
    """A store of passages, each the whole of its document."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._by_id = {p.id: p for p in passages}
        self._texts = {p.document_id: p.text for p in passages}

    def passage(self, passage_id: str) -> Passage | None:
        return self._by_id.get(passage_id)

    def document_text(self, document_id: str) -> str | None:
        return self._texts.get(document_id)


@dataclass(frozen=True)
class Desk:
    """Answers one question from given passages."""

    catalogue: Catalogue
    model: object
    limits: ModelComposerLimits | None = None

    def answer(
        self, text: str, passages: Sequence[Passage], decision: Decision | None = None
    ) -> tuple[Draft, Answer]:
        evidence = tuple(Evidence(p, n, 30.0 - n) for n, p in enumerate(passages, start=1))
        decision = decision or Decision(State.GROUNDED, admitted=tuple(p.id for p in passages))
        made_with = Fingerprints("c", "i", "s", "e", ModelComposer.name, "openai:m", PROMPT.sha256)
        verifier = Verifier(Shelf(passages), self.catalogue, made_with)
        composer = ModelComposer(
            model=self.model,  # type: ignore[arg-type]
            prompt=PROMPT,
            fallback=EvidenceComposer(self.catalogue),
            verifier=verifier,
            catalogue=self.catalogue,
            limits=self.limits,
        )
        question = Question(text, text)
        draft = composer.compose(question, read_asking(text), decision, evidence)
        checked = Checked()
        for _ in verifier.check(draft, evidence, checked):
            pass
        answer = verifier.seal(question, decision, draft, checked, evidence, timings_ms={}, made_at="now")
        return draft, answer


def finding_passages(catalogue: Catalogue, start: int, count: int) -> list[Passage]:
    """`count` findings of one field as passages, from the `start`-th on, round and round."""
    first = next(iter(catalogue.studies.values())).domain
    found = [
        f
        for f in catalogue.findings.values()
        if f.domain == first and f.kind != "inference" and catalogue.study_of(f.id).citable
    ]
    chosen = [found[(start + i) % len(found)] for i in range(count)]
    return [
        passage_of(
            f.id,
            f.statement,
            kind=BlockKind.FINDING,
            record_id=f.id,
            study_id=f.study_id,
            domain=f.domain,
        )
        for f in chosen
    ]


def corpus_catalogue() -> Catalogue:
    return load_corpus(ROOT / "corpus").catalogue
