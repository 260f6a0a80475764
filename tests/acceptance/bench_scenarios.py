"""One measurement each, run by `bench.py` in a process of its own; the last line printed is JSON."""

from __future__ import annotations

import json
import os
import random
import resource
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tests.acceptance.prose import passages, questions, write_records

WARM_UP, ASKED, BATCH = 10, 120, 1000
SAMPLE = int(os.environ.get("BENCH_SAMPLE", "2000"))
os.environ.update(ANONYMIZED_TELEMETRY="False", HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="false")


def open_assistant(folder: Path) -> Any:
    """Our assistant on a data folder."""
    from assistant.assembly import build
    from assistant.settings import load_settings

    return build(load_settings(data_dir=folder))


def fill(folder: Path, source: str) -> dict[str, float]:
    """Passages a second of reading a file in, from file to searchable."""
    assistant = open_assistant(folder)
    assistant.embedder.encode(["Warm the model."])
    started = time.perf_counter()
    report = assistant.ingest([Path(source)])
    seconds = time.perf_counter() - started
    assistant.close()
    return {"rate": report.new_passages / seconds, "peak": peak()}


def fill_corpus(folder: Path) -> dict[str, float]:
    """Read the bundled corpus in."""
    from assistant.settings import bundled_corpus

    return fill(folder, str(bundled_corpus()))


def plain_store(folder: Path) -> Any:
    """A stock LangChain vector store: Chroma on disk, embeddings by the same model with its defaults."""
    from chromadb.config import Settings
    from langchain_chroma import Chroma
    from langchain_core.embeddings import Embeddings
    from sentence_transformers import SentenceTransformer

    from assistant.index.model_files import PACKAGED, find_model

    model = SentenceTransformer(str(find_model(PACKAGED).folder), device="cpu", local_files_only=True)

    class MiniLM(Embeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            rows: list[list[float]] = model.encode(texts, show_progress_bar=False).tolist()
            return rows

        def embed_query(self, text: str) -> list[float]:
            return self.embed_documents([text])[0]

    settings = Settings(anonymized_telemetry=False)
    return Chroma("bench", MiniLM(), persist_directory=str(folder), client_settings=settings)


def fill_plain(folder: Path, library: str) -> dict[str, float]:
    """Put the passages of a library of ours into the stock store, with the vectors they have already."""
    assistant = open_assistant(Path(library))
    texts = {passage.id: passage.text for passage in assistant.library.iter_passages()}
    vectors = {
        id: np.frombuffer(vector, dtype="<f4")
        for id, kind, vector in assistant.library.vectors.stored(assistant.embedder.model_id)
        if kind == "text"
    }
    assistant.close()
    store, ids = plain_store(folder), list(vectors)
    for start in range(0, len(ids), BATCH):
        some = ids[start : start + BATCH]
        embedded = [vectors[id] for id in some]
        store._collection.add(ids=some, embeddings=embedded, documents=[texts[id] for id in some])
    return {"passages": float(store._collection.count())}


def rate(folder: Path, number: str) -> dict[str, float]:
    """Texts a second of reading in, of raw encoding by the same encoder, and of the stock store, in turns.

    All three get the same texts. The raw side gets them in one call, as one batch-sorted list.
    """
    records = folder / "records.jsonl"
    texts = list(passages(SAMPLE, seed=100 + int(number)))
    write_records(records, iter(texts))
    first, second = open_assistant(folder / "first"), open_assistant(folder / "second")
    store = plain_store(folder / "plain")
    for assistant in (first, second):
        assistant.embedder.encode(["Warm the model."])
    store.embeddings.embed_query("Warm the model.")
    reading = timed(lambda: first.ingest([records]))
    encoding = timed(lambda: first.embedder.encode(texts))
    plain = timed(lambda: [store.add_texts(texts[at : at + BATCH]) for at in range(0, SAMPLE, BATCH)])
    encoding += timed(lambda: second.embedder.encode(texts))
    reading += timed(lambda: second.ingest([records]))
    ours, raw, theirs = 2 * SAMPLE / reading, 2 * SAMPLE / encoding, SAMPLE / plain
    return {"ours": ours, "raw": raw, "theirs": theirs, "ratio": ours / raw}


def ask(folder: Path, size: str) -> dict[str, float]:
    """Latency of whole answers."""
    started = time.perf_counter()
    assistant = open_assistant(folder)
    return latency(assistant.answer, asked(size), started)


def search(folder: Path, size: str) -> dict[str, float]:
    """Latency of our retrieval."""
    started = time.perf_counter()
    assistant = open_assistant(folder)
    return latency(lambda question: assistant.search(question, k=10), asked(size), started)


def search_plain(folder: Path, size: str) -> dict[str, float]:
    """Latency of the stock retriever."""
    started = time.perf_counter()
    retriever = plain_store(folder).as_retriever(search_kwargs={"k": 10})
    return latency(retriever.invoke, asked(size), started)


def asked(size: str) -> list[str]:
    """The questions: everyday ones that researchers wrote for the corpus, or invented ones."""
    if size != "corpus":
        return questions(WARM_UP + ASKED, seed=7)
    from assistant.ingestion.corpus import load_corpus
    from assistant.settings import bundled_corpus

    findings = load_corpus(bundled_corpus()).catalogue.findings.values()
    everyday = sorted({question for finding in findings for question in finding.asked_as})
    return random.Random(7).sample(everyday, WARM_UP + ASKED)


def latency(reply: Callable[[str], object], asked: Sequence[str], started: float) -> dict[str, float]:
    """Median and 95th percentile in milliseconds after a warm-up; `first` is seconds from `started`."""
    reply(asked[0])
    first = time.perf_counter() - started
    for question in asked[1:WARM_UP]:
        reply(question)
    times = sorted(timed(lambda question=question: reply(question)) * 1000 for question in asked[WARM_UP:])  # type: ignore[misc]
    return {
        "p50": times[len(times) // 2],
        "p95": times[int(len(times) * 0.95)],
        "first": first,
        "peak": peak(),
    }


def timed(work: Callable[[], object]) -> float:
    """Seconds that `work` took."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def peak() -> float:
    """Most memory this process has held, in MB."""
    unit = 1_000_000 if sys.platform == "darwin" else 1_000
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


SCENARIOS: dict[str, Callable[..., dict[str, float]]] = {
    "fill": fill,
    "fill-corpus": fill_corpus,
    "fill-plain": fill_plain,
    "rate": rate,
    "ask": ask,
    "search": search,
    "search-plain": search_plain,
}

if __name__ == "__main__":
    scenario, folder, *rest = sys.argv[1:]
    Path(folder).mkdir(parents=True, exist_ok=True)
    print(json.dumps(SCENARIOS[scenario](Path(folder), *rest)))
