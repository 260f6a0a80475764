"""Chooses the parts and joins them into an assistant. The only module that knows both settings and parts."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import yaml
from pydantic import BaseModel

from assistant.advising import AdviceDesk
from assistant.answering.evidence_composer import ComposerLimits, EvidenceComposer
from assistant.answering.prose_gate import JoinedGate, ProseGate, ProseLimits
from assistant.answering.receipt import Fingerprints
from assistant.answering.support import contradicts
from assistant.answering.verify import Verifier
from assistant.browsing import EvidenceDesk
from assistant.chain import AnswerChain, ChainParts, Composer
from assistant.conversation.standalone import stand_alone
from assistant.counting import CountingDesk
from assistant.diagnosis import diagnose
from assistant.domain.documents import Tier
from assistant.domain.framework import Catalogue
from assistant.engine import Assistant, Workings
from assistant.errors import CorpusError, OwnershipError
from assistant.framework.encoding import stored_vectors
from assistant.framework.recommend import Adviser, taught_texts
from assistant.framework.weights import ADVICE, READING, SPECTRUM
from assistant.framework.wordings import CASES, CUES, wordings
from assistant.index.embeddings import Embedder, load_embedder
from assistant.index.index import Scope, open_index
from assistant.index.library import Library
from assistant.index.model_files import file_digest
from assistant.index.text_vectors import TextVectors
from assistant.retrieval.boundaries import Boundaries, Vectors
from assistant.retrieval.coding import Coding
from assistant.retrieval.discriminant import Discriminant
from assistant.retrieval.gate import GAPS, OTHER_SUBJECTS, Gate, GateLimits
from assistant.retrieval.hybrid import FusionWeights, HybridRetriever
from assistant.retrieval.leaning import Leanings
from assistant.retrieval.mechanism_names import MechanismNames
from assistant.retrieval.rerank import make_reranker
from assistant.retrieval.situations import Situations
from assistant.settings import Settings, bundled

if TYPE_CHECKING:
    from assistant.store.store import Store


def build(settings: Settings) -> Assistant:
    """An assistant on the data folder of `settings`. Loads no model yet.

    The folder is opened to write if no other process owns it, else to read only.
    """

    def embedder() -> Embedder:
        return load_embedder(settings.index.embedding_model, threads=settings.threads or None)

    return Assistant(
        library=_open(settings),
        load_embedder=embedder,
        make_workings=lambda library, model: _workings(settings, library, model),
        diagnose=lambda assistant: diagnose(assistant, settings),
        open_store=lambda: _open_store(settings),
        include_constructed=settings.constructed_examples,
    )


def _open(settings: Settings) -> Library:
    try:
        return Library.open(settings.data_dir)
    except OwnershipError:
        return Library.open(settings.data_dir, read_only=True)


def _open_store(settings: Settings) -> Store:
    from assistant.store.store import open_store  # the database is not needed to answer

    return open_store(settings.store_address)


def _workings(settings: Settings, library: Library, embedder: Embedder) -> Workings:
    catalogue = library.catalogue()
    index = open_index(
        library, model_id=embedder.model_id, dimensions=embedder.dimensions, rebuild="background"
    )
    vectors_of = TextVectors(embedder, library.folder / "cache" if library.writable else None)
    weights, limits, composing = FusionWeights(), GateLimits(), ComposerLimits()
    prose = ProseLimits()
    # Invented examples are never evidence, and controlled passages are for nobody until roles say otherwise.
    asked = index.vectors_by_passage(_passages_of(catalogue), "aid")
    scope = Scope(tiers=frozenset({Tier.OPEN, Tier.SAFEGUARDED}), constructed=False)
    retriever = HybridRetriever(
        index,
        library,
        embedder,
        coding=Coding(catalogue) if catalogue.findings else None,
        situations=Situations(catalogue.mechanisms, vectors_of) if catalogue.mechanisms else None,
        names=MechanismNames(catalogue.mechanisms),
        discriminant=Discriminant(asked),
        weights=weights,
        reranker=make_reranker(settings.retrieval.reranker),
        scope=scope,
    )
    fingerprints = Fingerprints(
        corpus=library.corpus_hash(),
        index=index.fingerprint,
        settings=_fingerprint(
            *(weights, limits, composing, prose, scope, settings.retrieval, ADVICE, READING, SPECTRUM),
            files=[settings.corpus_dir / name for name in (CUES, CASES)],
        ),
        embedding_model=embedder.model_id,
        composer=EvidenceComposer.name,
    )
    evidence_composer = EvidenceComposer(catalogue, composing)
    composer: Composer = evidence_composer
    made_with = fingerprints
    if settings.language.chat_model:
        composer, made_with = _model_composer(
            settings, library, catalogue, evidence_composer, fingerprints, scope
        )

    gate = _gate(catalogue, asked, vectors_of, limits)
    desk = _desk(settings, library, catalogue, embedder, fingerprints, gate)
    chain = AnswerChain(
        ChainParts(
            stand_alone=stand_alone,
            retriever=retriever,
            gate=JoinedGate(catalogue, gate, ProseGate(TextVectors(embedder, None), prose)),
            composer=composer,
            verifier=Verifier(library, catalogue, made_with),
            clock=_now,
            counter=CountingDesk(library, catalogue) if catalogue.findings else None,
            adviser=desk,
            settled=gate.settled,
        )
    )
    return Workings(index, retriever, chain, catalogue, desk, _evidence(settings, catalogue), made_with)


def _desk(
    settings: Settings,
    library: Library,
    catalogue: Catalogue,
    embedder: Embedder,
    fingerprints: Fingerprints,
    gate: Gate,
) -> Callable[[], AdviceDesk | None]:
    """Makes what gives advice, once, when it is first asked for."""

    @cache
    def made() -> AdviceDesk | None:
        if catalogue.framework is None or not catalogue.mechanisms:
            return None
        adviser = _adviser(settings, library, catalogue, embedder)
        return AdviceDesk(adviser, library, catalogue, fingerprints, _now, gate.settled)

    making = threading.Lock()

    def desk() -> AdviceDesk | None:
        with making:  # learning takes seconds; a question that comes meanwhile waits and does not learn again
            return made()

    return desk


def _gate(
    catalogue: Catalogue, asked: Mapping[str, Vectors], vectors_of: TextVectors, limits: GateLimits
) -> Gate:
    boundaries = Boundaries(catalogue.boundaries, vectors_of)
    answered = np.concatenate(list(asked.values())) if asked else np.empty((0, 0), dtype=np.float32)
    taught = {kind: boundaries.vectors(kinds) for kinds in (GAPS, OTHER_SUBJECTS) for kind in kinds}
    leaning = Leanings(answered, taught)
    return Gate(catalogue, boundaries, limits, leaning=leaning, contradicts=contradicts)


def _passages_of(catalogue: Catalogue) -> set[str]:
    return {f"{finding.id}:0-{len(finding.statement)}" for finding in catalogue.findings.values()}


def _evidence(settings: Settings, catalogue: Catalogue) -> Callable[[Assistant], EvidenceDesk]:
    """Makes what shows the evidence as a whole, once for each assistant, when it is first asked for."""

    @cache
    def evidence(assistant: Assistant) -> EvidenceDesk:
        cues = _yaml(settings.corpus_dir / CUES)
        return EvidenceDesk(
            catalogue,
            search=lambda words, most: assistant.search(words, k=most),
            asked=assistant.refusals,
            note=assistant.note_refusal,
            patterns=wordings(cues, {}, catalogue).patterns,
        )

    return evidence


def _model_composer(
    settings: Settings,
    library: Library,
    catalogue: Catalogue,
    fallback: EvidenceComposer,
    fingerprints: Fingerprints,
    scope: Scope,
) -> tuple[Composer, Fingerprints]:
    """A composer that asks the chat model of the settings, and fingerprints that name it and its prompt."""
    from assistant.answering.model_composer import ModelComposer, ModelComposerLimits
    from assistant.language.models import ModelLimits, make_chat_model
    from assistant.language.prompts import load_prompt

    language = settings.language
    model = make_chat_model(
        language.chat_model,
        language.base_url,
        language.api_key.get_secret_value(),
        ModelLimits(total_seconds=language.timeout_seconds),
    )
    prompt = load_prompt(bundled("prompts") / "answer.md")
    named = replace(fingerprints, chat_model=language.chat_model, prompt=prompt.sha256)
    composer = ModelComposer(
        model=model,
        prompt=prompt,
        fallback=fallback,
        verifier=Verifier(library, catalogue, named),
        catalogue=catalogue,
        limits=ModelComposerLimits(tiers=scope.tiers or frozenset()),
    )
    return composer, named


def _plain(part: Any) -> dict[str, Any]:
    return part.model_dump() if isinstance(part, BaseModel) else asdict(part)


def _adviser(settings: Settings, library: Library, catalogue: Catalogue, embedder: Embedder) -> Adviser:
    cues, cases = (_yaml(settings.corpus_dir / name) for name in (CUES, CASES))
    spoken = wordings(cues, cases, catalogue)
    texts = taught_texts(catalogue, spoken)
    kept = library.folder / "cache" / "advice.npz"
    known = stored_vectors(texts, embedder, kept) if library.writable else None
    return Adviser(catalogue, spoken, embedder, known=known)


def _yaml(path: Path) -> dict[str, Any]:
    """What a file of wordings holds; a corpus without one teaches nothing by it."""
    if not path.is_file():
        return {}
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CorpusError(f"this is not YAML: {error}", path=path) from None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _fingerprint(*parts: Any, files: Iterable[Path] = ()) -> str:
    """A short hash of every number and wording that can change an answer, the same in every process."""
    plain = [{"of": type(part).__name__, **_plain(part)} for part in parts]
    held = [file_digest(path) if path.is_file() else None for path in files]
    text = json.dumps([plain, held], sort_keys=True, default=lambda value: sorted(map(str, value)))
    return sha256(text.encode("utf-8")).hexdigest()[:16]
