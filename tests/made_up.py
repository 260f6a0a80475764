"""Made-up studies, findings and evidence for tests: nothing here is a real study's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.answering.receipt import Fingerprints
from assistant.domain.conversation import Question
from assistant.domain.documents import BlockKind, Passage, Span
from assistant.domain.evidence import Evidence
from assistant.domain.framework import (
    Boundary,
    Catalogue,
    Coding,
    Effort,
    Finding,
    Indicators,
    Mechanism,
    Spectrum,
    Study,
)

FINGERPRINTS = Fingerprints("corpus-hash", "index-print", "settings-print", "model@1", "evidence/1")


def study(name: str, **changes: Any) -> Study:
    """A study of that id; everything else can be given."""
    given: dict[str, Any] = {
        "id": name,
        "title": f"Learning at {name}",
        "authors": (),
        "year": 2019,
        "venue": None,
        "doi": None,
        "url": None,
        "licence": None,
        "study_design": "qualitative interviews",
        "sample": None,
        "setting": "England",
        "domain": "knowledge-sharing",
        "tags": (),
        "tier": "core",
        "status": "abstract-seen",
        "peer_reviewed": True,
        "strength": None,
        "verified": None,
        "evidence_group": name,
        "citable": True,
    }
    return Study(**{**given, **changes})


def coding(
    mechanisms: Sequence[str] = (),
    *,
    factors: Sequence[str] = (),
    polarity: str = "supports",
    role: str | None = None,
) -> Coding:
    return Coding(
        level=None, factors=tuple(factors), role=role, mechanisms=tuple(mechanisms), polarity=polarity
    )


def finding(name: str, statement: str, **changes: Any) -> Finding:
    """A finding `<study>-fNN`; codes by `mechanisms`, `factors`, `polarity`, `role`, `second`."""
    first = {key: changes.pop(key) for key in ("factors", "polarity", "role") if key in changes}
    given: dict[str, Any] = {
        "id": name,
        "study_id": name.rsplit("-", 1)[0],
        "domain": "knowledge-sharing",
        "statement": statement,
        "subject": "mechanism",
        "kind": "reported",
        "coding": coding(changes.pop("mechanisms", ()), **first),
        "role_basis": None,
        "relationship": None,
        "strength": None,
        "locator": "results",
        "seen": "",
        "second_coding": changes.pop("second", None),
    }
    return Finding(**{**given, **changes})


def mechanism(name: str, **changes: Any) -> Mechanism:
    given: dict[str, Any] = {
        "id": name,
        "name": name.replace("-", " ").capitalize(),
        "aka": (),
        "what_it_is": "A way to share.",
        "spectrum": Spectrum(0.5, 0.5, "formal-external", "", "synthesis"),
        "favoured_by": (),
        "hindered_by": (),
        "prerequisites": (),
        "first_steps": ("Agree on one aim", "Name a contact on each side", "Meet again"),
        "effort": Effort("low", "", ""),
        "failure_modes": (),
        "indicators": Indicators(("Questions asked between meetings", "Calls made"), ()),
        "evidence_note": "",
        "equity_note": "",
        "supporting_findings": (),
        "cautionary_findings": (),
        "context_findings": (),
        "text_kind": "synthesis",
    }
    return Mechanism(**{**given, **changes})


def catalogue(
    findings: Sequence[Finding] = (),
    *,
    studies: Sequence[Study] = (),
    mechanisms: Sequence[Mechanism] = (),
    boundaries: Sequence[Boundary] = (),
) -> Catalogue:
    """A catalogue of these; a study that is not given is made up for its findings."""
    every = {f.study_id: study(f.study_id, domain=f.domain) for f in findings}
    return Catalogue(
        studies={**every, **{s.id: s for s in studies}},
        findings={f.id: f for f in findings},
        mechanisms={m.id: m for m in mechanisms},
        boundaries=tuple(boundaries),
    )


def passage_of(given: Finding, **changes: Any) -> Passage:
    """The passage that a finding is stored as."""
    text = given.statement
    values: dict[str, Any] = {
        "document_id": given.id,
        "span": Span(0, len(text)),
        "text": text,
        "kind": BlockKind.FINDING,
        "ordinal": 0,
        "record_id": given.id,
        "study_id": given.study_id,
        "domain": given.domain,
    }
    return Passage(**{**values, **changes})


def turn(document: str, text: str, *, before: str = "", **changes: Any) -> tuple[Passage, str]:
    """A passage of speech, and the text of its document, in which `before` comes first."""
    values: dict[str, Any] = {
        "document_id": document,
        "span": Span(len(before), len(before) + len(text)),
        "text": text,
        "kind": BlockKind.TURN,
        "ordinal": 0,
        "speaker": "P07",
        "title": "An interview",
        "domain": "knowledge-sharing",
    }
    return Passage(**{**values, **changes}), before + text


def evidence_of(
    findings: Sequence[Finding], scores: Sequence[float] = (), *, likeness: float = 0.7, **changes: Any
) -> tuple[Evidence, ...]:
    """Evidence in this order; each is as alike to the question as `likeness`, which may be one for each."""
    given = scores or [30.0 - n for n in range(len(findings))]
    return tuple(
        Evidence(passage_of(f, **changes), n, score, {"aid": likeness, "text": likeness, "fused": score})
        for n, (f, score) in enumerate(zip(findings, given, strict=True), 1)
    )


def question(text: str = "Is it worth it?", *, name: str | None = None) -> Question:
    return Question(text, text, id=name)


class Stored:
    """A store of passages and documents, as the verifier and the receipt check read them."""

    def __init__(self, passages: Sequence[Passage] = (), documents: Mapping[str, str] | None = None) -> None:
        self.held = {p.id: p for p in passages}
        self.documents = {**{p.document_id: p.text for p in passages}, **(documents or {})}
        self.faults: tuple[str, ...] = ()

    def passage(self, passage_id: str) -> Passage | None:
        return self.held.get(passage_id)

    def document_text(self, document_id: str) -> str | None:
        return self.documents.get(document_id)

    def damaged(self) -> Sequence[str]:
        return self.faults

    def corpus_hash(self) -> str:
        return FINGERPRINTS.corpus


class WordVectors:
    """Unit vectors from hashed words: texts that share words are near. Counts what it encoded."""

    def __init__(self, dimensions: int = 128) -> None:
        self.dimensions = dimensions
        self.calls = 0

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.calls += 1
        return np.array([self.one(text) for text in texts], dtype=np.float32).reshape(-1, self.dimensions)

    def one(self, text: str) -> NDArray[np.float32]:
        total = np.zeros(self.dimensions)
        for word in set(text.lower().replace("?", "").replace(".", "").split()):
            seed = int.from_bytes(sha256(word.encode()).digest()[:8], "big")
            total += np.random.default_rng(seed).normal(size=self.dimensions)
        return np.asarray(total / max(float(np.linalg.norm(total)), 1e-9), dtype=np.float32)
