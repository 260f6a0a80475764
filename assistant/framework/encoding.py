"""Texts of any length to unit vectors, each encoded once, and vectors kept from one start to the next."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from assistant.framework.segments import sentences
from assistant.index.embeddings import Embedder

Vector = NDArray[np.float32]

_LEAST = 20
"""Pieces are not halved below this many characters."""
_RECENT = 512
"""Texts of the latest situations whose vectors are kept, since one situation is read several times."""


class WholeTexts:
    """An `Encode` that never refuses a long text: what does not fit is cut at sentences and averaged.

    Safe to call from several threads.
    """

    def __init__(self, embedder: Embedder, *, known: Mapping[str, Vector] | None = None) -> None:
        self._embedder = embedder
        self._kept: dict[str, Vector] = dict(known or {})
        self._recent: OrderedDict[str, Vector] = OrderedDict()
        self._lock = Lock()

    def __call__(self, texts: Sequence[str]) -> Vector:
        """Unit vectors, one row a text, in the order given."""
        if not texts:
            return np.zeros((0, self._embedder.dimensions), dtype=np.float32)
        with self._lock:
            found = {t: v for t in texts if (v := self._kept.get(t, self._recent.get(t))) is not None}
        new = [text for text in dict.fromkeys(texts) if text not in found]
        if new:
            fresh = dict(zip(new, self._vectors(new), strict=True))
            found |= fresh
            self._note(fresh)
        return np.stack([found[text] for text in texts])

    def keep(self, texts: Sequence[str]) -> None:
        """Encode texts that will be asked for again and again, and keep their vectors for good."""
        new = [text for text in dict.fromkeys(texts) if text not in self._kept]
        if new:
            self._kept.update(zip(new, self._vectors(new), strict=True))

    def _note(self, fresh: Mapping[str, Vector]) -> None:
        with self._lock:
            self._recent.update(fresh)
            while len(self._recent) > _RECENT:
                self._recent.popitem(last=False)

    def _vectors(self, texts: Sequence[str]) -> list[Vector]:
        pieces = [self._pieces(text) for text in texts]
        rows = iter(self._embedder.encode([piece for group in pieces for piece in group]))
        return [_mean([next(rows) for _ in group]) for group in pieces]

    def _pieces(self, text: str) -> list[str]:
        if self._embedder.token_counts([text])[0] <= self._embedder.max_tokens:
            return [text]
        parts = [sentence.text for sentence in sentences(text)]
        if len(parts) > 1:
            return [piece for part in parts for piece in self._pieces(part)]
        if len(text) < 2 * _LEAST:
            return [text]
        middle = text.rfind(" ", _LEAST, len(text) // 2)
        middle = middle if middle > 0 else len(text) // 2
        return [*self._pieces(text[:middle]), *self._pieces(text[middle:])]


def stored_vectors(texts: Sequence[str], embedder: Embedder, file: Path) -> dict[str, Vector]:
    """The vectors of `texts` by text: from `file` as far as it holds them; the rest is encoded and added.

    A file of another model, or one that cannot be read, is replaced. It is only a cache: without it a start
    takes longer.
    """
    stored = _read(file, embedder.model_id)
    keys = {text: hashlib.sha256(text.encode()).hexdigest() for text in dict.fromkeys(texts)}
    missing = [text for text, key in keys.items() if key not in stored]
    if missing:
        encode = WholeTexts(embedder)
        stored |= dict(zip((keys[text] for text in missing), encode(missing), strict=True))
        _write(file, embedder.model_id, {key: stored[key] for key in keys.values()})
    return {text: stored[key] for text, key in keys.items()}


def _read(file: Path, model_id: str) -> dict[str, Vector]:
    try:
        with file.open("rb") as source, np.load(source, allow_pickle=False) as data:
            if str(data["model"]) != model_id or len(data["keys"]) != len(data["vectors"]):
                return {}
            return dict(zip(data["keys"].tolist(), data["vectors"], strict=True))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return {}


def _write(file: Path, model_id: str, vectors: Mapping[str, Vector]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f"{file.name}.{os.getpid()}.new")
    with beside.open("wb") as out:
        np.savez(
            out, model=np.array(model_id), keys=np.array(list(vectors)), vectors=np.stack([*vectors.values()])
        )
    beside.replace(file)


def _mean(rows: Sequence[Vector]) -> Vector:
    if len(rows) == 1:
        return rows[0]
    mean = np.mean(np.stack(rows), axis=0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), dtype=np.float32)
