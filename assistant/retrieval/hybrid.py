"""Finds evidence: vectors and keywords, fused, widened by the coding, and optionally reranked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from assistant.domain.documents import Passage
from assistant.domain.evidence import Evidence
from assistant.index.embeddings import Embedder, cut_to_fit
from assistant.index.index import Index, Scope
from assistant.retrieval.boundaries import Vectors
from assistant.retrieval.coding import Coding, CodingWeights
from assistant.retrieval.discriminant import Discriminant
from assistant.retrieval.fusion import Scores, fuse, ranked, standardise
from assistant.retrieval.mechanism_names import MechanismNames
from assistant.retrieval.neighbours import NeighbourWeights, lift_neighbours
from assistant.retrieval.situations import Situations, describes_situation

_VECTORS = ("text", "context", "aid")
_INSTEAD = {"context": "text", "aid": "text"}


class Passages(Protocol):
    """Where passages are kept."""

    def passages(self, passage_ids: Sequence[str]) -> Mapping[str, Passage]:
        """The stored passages of those ids; unknown ids are left out."""


class Reranker(Protocol):
    """Reads a question and passages together and scores each passage."""

    name: str

    def scores(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        """One score for each text; higher is better."""


@dataclass(frozen=True, slots=True)
class FusionWeights:
    """How much each search counts. Chosen by measurement on the development sets, see DECISIONS.md."""

    sources: Mapping[str, float] = field(
        default_factory=lambda: {"text": 1.0, "context": 0.5, "aid": 1.0, "keyword": 2.0}
    )
    coding: CodingWeights = field(default_factory=CodingWeights)
    neighbours: NeighbourWeights = field(default_factory=NeighbourWeights)
    discriminant: float = 1.25
    """How much likeness to all lay questions of a finding, weighed by what they teach, lifts it."""
    named: float = 1.0
    """How much a mechanism that the question names lifts its findings."""
    situation: float = 0.75
    """How much the mechanisms that a described situation points to lift their findings."""
    pool: int = 400
    """How many candidates each search contributes."""


@dataclass(frozen=True, slots=True)
class Found:
    """The evidence for a question, and the question as a unit vector."""

    evidence: tuple[Evidence, ...]
    vector: Vectors
    cut: int = 0
    """Word pieces of the question that the model's window left out."""


class HybridRetriever:
    """The default retriever."""

    def __init__(
        self,
        index: Index,
        passages: Passages,
        embedder: Embedder,
        *,
        coding: Coding | None = None,
        situations: Situations | None = None,
        names: MechanismNames | None = None,
        discriminant: Discriminant | None = None,
        weights: FusionWeights | None = None,
        reranker: Reranker | None = None,
        scope: Scope | None = None,
    ) -> None:
        self._index = index
        self._passages = passages
        self._embedder = embedder
        self._coding = coding
        self._situations = situations
        self._names = names
        self._discriminant = discriminant
        self._weights = weights or FusionWeights()
        self._reranker = reranker
        self._scope = scope or Scope()

    def retrieve(self, text: str, *, k: int = 10, scope: Scope | None = None) -> Found:
        """The `k` best passages for `text`, best first. Passages out of `scope` are never ranked."""
        fitting, cut = cut_to_fit(self._embedder, text)
        vector = self._embedder.encode([fitting or " "])[0]
        found = self._search(text, vector, scope or self._scope)
        joined = fuse(found, self._weights.sources, instead=_INSTEAD)
        fused = lift_neighbours(joined, self._index.spoken, self._weights.neighbours)
        widened = self._widen(text, vector, fused)
        order = ranked(widened)[: max(k, 0)]
        stored = self._passages.passages(order)
        evidence = [
            Evidence(stored[i], 0, round(widened[i], 6), self._scores(i, found, fused))
            for i in order
            if i in stored
        ]
        evidence = self._rerank(text, evidence)
        return Found(
            tuple(Evidence(e.passage, n, e.score, e.scores) for n, e in enumerate(evidence, 1)), vector, cut
        )

    def _search(self, text: str, vector: Vectors, scope: Scope) -> dict[str, Scores]:
        """What each search found, by its name: passage id to score."""
        pool = self._weights.pool
        found: dict[str, Scores] = {
            kind: {
                h.passage_id: h.score
                for h in self._index.vector_hits(vector, kinds=(kind,), k=pool, scope=scope)
            }
            for kind in _VECTORS
        }
        hits = self._index.keyword_hits(text, field="aid", k=pool, scope=scope)
        found["keyword"] = {h.passage_id: h.score for h in hits}
        return {name: scores for name, scores in found.items() if scores}

    def _widen(self, text: str, vector: Vectors, fused: Mapping[str, float]) -> Mapping[str, float]:
        """The fused scores with coded findings lifted by what they share with the best of them.

        Where the asker names a mechanism, or tells of a situation, findings on the mechanisms meant are
        lifted first.
        """
        if self._coding is None:
            return fused
        owner = {i: i.rsplit(":", 1)[0] for i in fused}
        coded = {owner[i]: score for i, score in fused.items() if owner[i] in self._coding}
        if not coded:
            return fused
        coded = self._discriminate(vector, coded, {owner[i]: i for i in fused})
        pointing, weight = self._pointing(text, vector)
        if pointing:
            toward = self._coding.toward(pointing, coded)
            coded = {i: score + weight * toward[i] for i, score in coded.items()}
        lifted = self._coding.widen(coded, self._weights.coding)
        return {i: lifted.get(owner[i], score) for i, score in fused.items()}

    def _discriminate(
        self, vector: Vectors, coded: Mapping[str, float], passage_of: Mapping[str, str]
    ) -> dict[str, float]:
        """Scores of coded findings, raised by how like the question is to all that each finding answers."""
        like = self._discriminant(vector) if self._discriminant is not None else {}
        known = {i: like[passage_of[i]] for i in coded if passage_of[i] in like}
        standing = standardise(known, known)
        weight = self._weights.discriminant
        return {i: score + weight * standing.get(i, 0.0) for i, score in coded.items()}

    def _pointing(self, text: str, vector: Vectors) -> tuple[Mapping[str, float], float]:
        """The mechanisms a question names, or those its situation points to, and how much they weigh."""
        if self._names is not None and (named := self._names.named(text)):
            return dict.fromkeys(sorted(named), 1 / len(named)), self._weights.named
        if self._situations is not None and describes_situation(text):
            return self._situations.pointing(vector), self._weights.situation
        return {}, 0.0

    def _rerank(self, text: str, evidence: list[Evidence]) -> list[Evidence]:
        if self._reranker is None or not evidence:
            return evidence
        scores = self._reranker.scores(text, [e.passage.text for e in evidence])
        name = self._reranker.name
        rescored = [
            Evidence(e.passage, 0, round(float(s), 6), {**e.scores, name: float(s)})
            for e, s in zip(evidence, scores, strict=True)
        ]
        return sorted(rescored, key=lambda e: (-e.score, e.passage.id))

    @staticmethod
    def _scores(passage_id: str, found: Mapping[str, Scores], fused: Scores) -> dict[str, float]:
        """What each search gave one passage, rounded so that equal answers print equally."""
        given = {name: scores[passage_id] for name, scores in found.items() if passage_id in scores}
        return {name: round(value, 6) for name, value in {**given, "fused": fused[passage_id]}.items()}
