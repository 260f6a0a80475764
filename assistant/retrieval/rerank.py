"""Optional rerankers: models that read question and passage together. None unless a setting names one."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from assistant.errors import ModelFileError
from assistant.registry import Registry

RERANKERS = Registry("reranker", {"cross-encoder": "assistant.retrieval.rerank:CrossEncoderReranker"})
"""By kind. A setting reads `kind:place`, such as `cross-encoder:models/my-reranker`."""


class CrossEncoderReranker:
    """A sentence-transformers cross-encoder from a folder on this computer."""

    name = "reranker"

    def __init__(self, place: str) -> None:
        """Loads the model. Raises ModelFileError if the folder holds none; nothing is ever downloaded."""
        folder = Path(place)
        if not (folder / "config.json").is_file() or not list(folder.glob("*.safetensors")):
            raise ModelFileError(
                f"There is no reranking model in {folder}.",
                hint="Name a folder with config.json and a .safetensors file, or unset the reranker.",
            )
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        from sentence_transformers import CrossEncoder

        self._model = CrossEncoder(str(folder), device="cpu", trust_remote_code=False, local_files_only=True)

    def scores(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        """One score for each text, in order; higher is better."""
        if not texts:
            return []
        pairs = [(question, text) for text in texts]
        return [float(score) for score in self._model.predict(pairs, show_progress_bar=False)]


def make_reranker(named: str) -> CrossEncoderReranker | None:
    """The reranker that a setting names as `kind:place`; None for an empty one. Raises SettingsError."""
    if not named:
        return None
    kind, _, place = named.partition(":")
    made: CrossEncoderReranker = RERANKERS.load(kind)(place)
    return made
