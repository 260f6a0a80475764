"""Texts to unit vectors by a sentence-transformers model on disk. The only room of that library for
embedding.

Each vector depends on its text alone: texts are padded to steps of their own length, never to a neighbour's,
so the same text gives the same bits in any batch, after any interruption. Nothing is ever cut silently.
"""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import groupby
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.errors import InputError, ModelFileError
from assistant.index.model_files import PACKAGED, ModelFiles, find_model

Progress = Callable[[int, int], None]
"""Called with how many are done and how many there are in all."""

_STEP = 8
_REMEMBERED = 20_000
"""Sizes of so many texts are remembered: what is cut to size is asked about again before it is encoded."""

_Batch = tuple[int, list[int]]
_Made = tuple[list[int], NDArray[np.float32]]


class Embedder(Protocol):
    """What turns texts into vectors."""

    @property
    def model_id(self) -> str:
        """Name and short digest of the weights: two models never share one."""

    @property
    def dimensions(self) -> int:
        """Length of each vector."""

    @property
    def max_tokens(self) -> int:
        """Most word pieces of content in one text; the model's own marks are not counted."""

    def encode(self, texts: Sequence[str], *, progress: Progress | None = None) -> NDArray[np.float32]:
        """Unit vectors, one row a text, in the order given. Raises InputError for a text over the limit."""

    def token_counts(self, texts: Sequence[str]) -> list[int]:
        """Word pieces of content in each text, in the order given."""


def load_embedder(
    model: str = PACKAGED, *, threads: int | None = None, batch_size: int = 32
) -> SentenceTransformerEmbedder:
    """The embedder of a model on disk: `packaged`, or the path of a sentence-transformers folder.

    `threads` None leaves torch's own choice. Raises ModelFileError if a file is missing or not the pinned
    one.
    """
    files = find_model(model)
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    with _quiet():
        return SentenceTransformerEmbedder(
            files, _load(files), threads=threads or None, batch_size=batch_size
        )


def _load(files: ModelFiles) -> Any:
    from sentence_transformers import SentenceTransformer

    try:
        return SentenceTransformer(
            str(files.folder),
            device="cpu",
            trust_remote_code=False,
            local_files_only=True,
            model_kwargs={"use_safetensors": True},
        )
    except (OSError, ValueError, KeyError, ImportError, RuntimeError) as error:
        raise ModelFileError(
            f"The embedding model in '{files.folder.name}' cannot be loaded: {error}",
            hint="Use a folder that sentence-transformers saved, or set the embedding model to 'packaged'.",
        ) from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the libraries' progress bars and notices off the screen while a model is loaded."""
    from transformers.utils import logging

    notices: Any = logging
    before, bars = notices.get_verbosity(), notices.is_progress_bar_enabled()
    notices.set_verbosity_error()
    notices.disable_progress_bar()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        notices.set_verbosity(before)
        if bars:
            notices.enable_progress_bar()


class SentenceTransformerEmbedder:
    """An `Embedder` over one loaded model. Safe to call from several threads."""

    def __init__(
        self, files: ModelFiles, model: Any, *, threads: int | None = None, batch_size: int = 32
    ) -> None:
        import torch

        self._workers = threads or os.cpu_count() or 1
        self.model_id = files.model_id
        self._torch = torch
        self._model = model.eval()
        self._tokenizer = model.tokenizer
        self._batch_size = batch_size
        self._sizes: dict[str, int] = {}
        self._specials = self._tokenizer.num_special_tokens_to_add(pair=False)
        self._window = int(model.max_seq_length or self._tokenizer.model_max_length)
        self.max_tokens = self._window - self._specials
        self.dimensions = int(model.get_embedding_dimension())

    def token_counts(self, texts: Sequence[str]) -> list[int]:
        """Word pieces of content in each text, in the order given."""
        known = self._sizes
        unknown = [text for text in dict.fromkeys(texts) if text not in known]
        counted = {
            text: len(pieces) - self._specials
            for text, pieces in zip(unknown, self._pieces(unknown), strict=True)
        }
        sizes = [counted[text] if text in counted else known[text] for text in texts]
        # Another thread may read the table meanwhile, so a full one is left to it and a new one begun.
        if len(known) + len(counted) > _REMEMBERED:
            self._sizes = counted
        else:
            known.update(counted)
        return sizes

    def encode(self, texts: Sequence[str], *, progress: Progress | None = None) -> NDArray[np.float32]:
        """Unit vectors, one row a text, in the order given. Raises InputError for a text over the limit."""
        pieces = self._pieces(texts)
        self._refuse_long(pieces)
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        batches = list(self._batches(pieces))

        def one(batch: _Batch) -> _Made:
            width, rows = batch
            return rows, self._forward([pieces[row] for row in rows], width)

        done = 0
        for rows, made in self._side_by_side(one, batches):
            vectors[rows] = made
            done += len(rows)
            if progress:
                progress(done, len(texts))
        return vectors

    def _side_by_side(self, work: Callable[[_Batch], _Made], batches: Sequence[_Batch]) -> Iterator[_Made]:
        """The results in order. Whole batches run side by side, each on one thread.

        Several threads within one batch wait for each other at every layer: on a busy machine a question took
        fifteen times as long that way. It also keeps a vector's bits the same whatever runs beside it.
        """
        if len(batches) < 2 or self._workers < 2:
            yield from map(work, batches)
            return
        with ThreadPoolExecutor(self._workers, thread_name_prefix="encode") as pool:
            yield from pool.map(work, batches)

    def _pieces(self, texts: Sequence[str]) -> list[list[int]]:
        if not texts:
            return []
        encoded = self._tokenizer(
            list(texts),
            padding=False,
            truncation=False,
            verbose=False,
            return_attention_mask=False,
            return_token_type_ids=False,
        )
        pieces: list[list[int]] = encoded["input_ids"]
        return pieces

    def _refuse_long(self, pieces: Sequence[Sequence[int]]) -> None:
        long = [row for row, ids in enumerate(pieces) if len(ids) > self._window]
        if long:
            most = max(len(pieces[row]) for row in long) - self._specials
            raise InputError(
                f"{len(long)} of {len(pieces)} texts are longer than the model's window of "
                f"{self.max_tokens} word pieces (the longest has {most}); the first is number {long[0] + 1}.",
                hint="Cut them into smaller passages.",
            )

    def _batches(self, pieces: Sequence[Sequence[int]]) -> Iterator[tuple[int, list[int]]]:
        """Rows to be encoded together and their common width, longest first."""

        def width(row: int) -> int:
            return min(-(-len(pieces[row]) // _STEP) * _STEP, self._window)

        order = sorted(range(len(pieces)), key=lambda row: (-width(row), row))
        for common, rows in groupby(order, key=width):
            alike = list(rows)
            for start in range(0, len(alike), self._batch_size):
                yield common, alike[start : start + self._batch_size]

    def _forward(self, pieces: Sequence[Sequence[int]], width: int) -> NDArray[np.float32]:
        pad = self._tokenizer.pad_token_id or 0
        ids = np.full((len(pieces), width), pad, dtype=np.int64)
        mask = np.zeros((len(pieces), width), dtype=np.int64)
        left = self._tokenizer.padding_side == "left"
        for row, own in enumerate(pieces):
            place = slice(width - len(own), width) if left else slice(0, len(own))
            ids[row, place] = own
            mask[row, place] = 1
        features = {"input_ids": ids, "attention_mask": mask}
        if "token_type_ids" in self._tokenizer.model_input_names:
            features["token_type_ids"] = np.zeros_like(ids)
        # The number of threads belongs to the calling thread, and any thread may call.
        self._torch.set_num_threads(1)
        with self._torch.inference_mode():
            out = self._model.forward({name: self._torch.from_numpy(a) for name, a in features.items()})
        return _unit(out["sentence_embedding"].numpy().astype(np.float32, copy=False))


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows scaled to length 1; a row that is already within rounding of it is left as it is."""
    lengths = np.sqrt((rows.astype(np.float64) ** 2).sum(axis=1, keepdims=True))
    if np.all(np.abs(lengths - 1.0) < 1e-5):
        return rows
    scaled: NDArray[np.float32] = (rows / np.maximum(lengths, 1e-12)).astype(np.float32)
    return scaled


def cut_to_fit(embedder: Embedder, text: str) -> tuple[str, int]:
    """As many leading words of `text` as the model's window takes, and how many word pieces were left out.

    For questions, which may be cut if the reader is told. One word over the limit is cut within the word.
    """
    total = embedder.token_counts([text])[0]
    if total <= embedder.max_tokens:
        return text, 0
    head = _longest_fit(embedder, text)
    return head, total - embedder.token_counts([head])[0]


def split_to_fit(embedder: Embedder, text: str) -> list[str]:
    """`text` as stretches in order, each within the model's window; together all of it but outer spaces."""
    parts: list[str] = []
    rest = text.strip()
    while rest and embedder.token_counts([rest])[0] > embedder.max_tokens:
        head = _longest_fit(embedder, rest)
        parts.append(head)
        rest = rest[len(head) :].strip()
    return [*parts, rest] if rest else parts


def _longest_fit(embedder: Embedder, text: str) -> str:
    """The longest run of whole leading words that fits; if the first word alone does not, a part of it."""
    ends = [word.end() for word in re.finditer(r"\S+", text)]
    low, high = 0, len(ends)
    while low < high:
        middle = (low + high + 1) // 2
        if embedder.token_counts([text[: ends[middle - 1]]])[0] <= embedder.max_tokens:
            low = middle
        else:
            high = middle - 1
    if low:
        return text[: ends[low - 1]]
    size = ends[0]
    while size > 1 and embedder.token_counts([text[:size]])[0] > embedder.max_tokens:
        size //= 2
    return text[:size]
