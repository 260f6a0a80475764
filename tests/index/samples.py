"""A fast embedder and small documents for tests of the index: real code paths, no model files."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from assistant.domain.documents import Block, BlockKind, Passage, SourceDocument, Span, Tier
from assistant.errors import InputError


class HashingEmbedder:
    """Unit vectors from hashed words: texts that share words are near, and equal texts give equal bits."""

    def __init__(self, *, dimensions: int = 64, max_tokens: int = 40, model_id: str = "hashing@1") -> None:
        self.model_id = model_id
        self.dimensions = dimensions
        self.max_tokens = max_tokens
        self.encoded = 0

    def token_counts(self, texts: Sequence[str]) -> list[int]:
        return [len(re.findall(r"\S+", text)) for text in texts]

    def encode(
        self, texts: Sequence[str], *, progress: Callable[[int, int], None] | None = None
    ) -> NDArray[np.float32]:
        if any(count > self.max_tokens for count in self.token_counts(texts)):
            raise InputError("A text is longer than the window.")
        self.encoded += len(texts)
        rows = [self._row(text) for text in texts]
        if progress:
            progress(len(texts), len(texts))
        return np.array(rows, dtype=np.float32).reshape(-1, self.dimensions)

    def _row(self, text: str) -> NDArray[np.float32]:
        total = np.zeros(self.dimensions)
        for word in [text, *re.findall(r"\w+", text.casefold())]:
            seed = int.from_bytes(sha256(f"{self.model_id} {word}".encode()).digest()[:8], "big")
            total += np.random.default_rng(seed).normal(size=self.dimensions)
        return (total / np.linalg.norm(total)).astype(np.float32)


def document(
    name: str,
    *sentences: str,
    context: str = "",
    aids: tuple[str, ...] = (),
    tier: Tier = Tier.OPEN,
    constructed: bool = False,
    domain: str = "general",
    kind: BlockKind = BlockKind.PARAGRAPH,
) -> tuple[SourceDocument, list[Passage]]:
    """A document with one passage for each sentence."""
    text, spans = "", []
    for sentence in sentences:
        spans.append(Span(len(text), len(text) + len(sentence)))
        text += sentence + "\n"
    source = SourceDocument(
        id=name,
        title="",
        text=text,
        blocks=tuple(Block(kind, span) for span in spans),
        origin=f"{name}.md",
        record_id=name,
        domain=domain,
        tier=tier,
        constructed=constructed,
        context=context,
        aids=aids,
    )
    passages = [
        Passage(
            document_id=name,
            span=span,
            text=span.of(text),
            kind=kind,
            ordinal=place,
            context=context,
            record_id=name,
            domain=domain,
            tier=tier,
            constructed=constructed,
            origin=source.origin,
            aids=aids,
        )
        for place, span in enumerate(spans)
    ]
    return source, passages


_WORDS = """
hospital network sharing knowledge trust vendor record system nurse clinic visit workshop blueprint
programme funding leader peer region training data exchange contract mentor community practice
budget standard interface ward pharmacy referral image laboratory consent privacy audit upgrade go-
live coach
"""
WORDS = _WORDS.split()


def made_up_documents(
    count: int, *, seed: int = 0, length: int = 12
) -> list[tuple[SourceDocument, list[Passage]]]:
    """`count` documents of one to four made-up sentences each, the same for the same seed."""
    rng = np.random.default_rng(seed)
    made = []
    for number in range(count):
        sentences = [
            " ".join(rng.choice(WORDS, size=length)) + f" case {number}.{part}."
            for part in range(int(rng.integers(1, 5)))
        ]
        aids = (f"What about {' '.join(rng.choice(WORDS, size=3))}?",) if number % 3 == 0 else ()
        context = f"Study {number % 17} of {WORDS[number % len(WORDS)]}" if number % 2 else ""
        made.append(document(f"doc-{number:05d}", *sentences, context=context, aids=aids))
    return made
