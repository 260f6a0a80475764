"""Vectors of texts that are not passages (boundary examples, situations), kept in a file that may be deleted.

The file's name is the hash of the model and the texts, so a changed text or model never meets an old vector.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.index.embeddings import Embedder, cut_to_fit


class TextVectors:
    """Encodes texts once and remembers them in `folder`; without one it only encodes."""

    def __init__(self, embedder: Embedder, folder: Path | None) -> None:
        self._embedder = embedder
        self._folder = folder

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One unit row for each text, in order. A text over the model's window is cut."""
        place = self._place(texts)
        kept = _load(place, (len(texts), self._embedder.dimensions))
        if kept is not None:
            return kept
        vectors = self._embedder.encode([cut_to_fit(self._embedder, text)[0] for text in texts])
        if place is not None:
            _save(place, vectors)
        return vectors

    def _place(self, texts: Sequence[str]) -> Path | None:
        if self._folder is None:
            return None
        name = sha256("\x1f".join((self._embedder.model_id, *texts)).encode("utf-8")).hexdigest()[:24]
        return self._folder / f"texts-{name}.npy"


def _load(place: Path | None, shape: tuple[int, int]) -> NDArray[np.float32] | None:
    """The kept vectors, or None if there are none or the file is damaged."""
    if place is None or not place.is_file():
        return None
    try:
        vectors: NDArray[np.float32] = np.load(place, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    sound = vectors.shape == shape and vectors.dtype == np.float32 and bool(np.isfinite(vectors).all())
    return vectors if sound else None


def _save(place: Path, vectors: NDArray[np.float32]) -> None:
    """Write beside and swap in. A folder that cannot be written costs time at the next start, no more."""
    part = place.with_suffix(f".{os.getpid()}.part")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            np.save(file, vectors, allow_pickle=False)
        part.replace(place)
    except OSError:
        part.unlink(missing_ok=True)
