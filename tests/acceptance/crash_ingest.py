"""Kills an ingest with SIGKILL at random moments and checks that nothing acknowledged is lost.

    python -m tests.acceptance.crash_ingest --kills 200 --seed 1

Each kill falls into a random step (storing, encoding, indexing) at a random moment of it. After every kill
the library is opened again: SQLite's check, every acknowledged document whole and once, and a search that
answers. When a run survives to its end, its answers must equal, byte for byte, those of an undisturbed build.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from assistant.domain.documents import Passage, SourceDocument
from assistant.index.changes import Put
from assistant.index.embeddings import Embedder, load_embedder
from assistant.index.index import open_index
from assistant.index.ingest import Commits, ingest
from assistant.index.library import Library
from tests.index.samples import HashingEmbedder, document, made_up_documents

STEPS = ("storing", "encoding", "indexing")
QUESTIONS = tuple(
    f"{start} {topic}?"
    for start in (
        "Who can help a hospital with",
        "How do clinicians learn about",
        "Is it worth paying for",
        "What hinders",
    )
    for topic in (
        "sharing records with a vendor",
        "trust in a network",
        "a go-live visit",
        "peer training",
        "consent",
    )
)
_COLLECTION = "crash"

Documents = list[tuple[SourceDocument, list[Passage]]]


class SlowEmbedder(HashingEmbedder):
    """The hashing embedder with a pause for each text, so that kills can fall into encoding."""

    def encode(self, texts: Sequence[str], **options: object):  # type: ignore[no-untyped-def,override]
        time.sleep(0.0004 * len(texts))
        return super().encode(texts)


@dataclass
class Tally:
    """What the whole run saw."""

    kills: Counter[str] = field(default_factory=Counter)
    finished: int = 0
    acknowledged: int = 0
    lost: int = 0
    doubled: int = 0
    unsound: int = 0
    unanswered: int = 0
    different: int = 0

    @property
    def clean(self) -> bool:
        return not (self.lost or self.doubled or self.unsound or self.unanswered or self.different)


def embedder_called(name: str) -> Embedder:
    """`tiny` for the fast one, `packaged` for the real model."""
    return SlowEmbedder() if name == "tiny" else load_embedder(name, threads=1)


def edition(number: int, *, count: int, seed: int) -> Documents:
    """The documents of an edition: 0 is the first; in 1 a fifth are reworded and a tenth are gone."""
    made = made_up_documents(count, seed=seed)
    if number == 0:
        return made
    kept = [pair for place, pair in enumerate(made) if place % 10 != 7]
    return [
        document(source.id, f"Reworded. {source.text.splitlines()[0]}")
        if place % 5 == 0
        else (source, passages)
        for place, (source, passages) in enumerate(kept)
    ]


def child(folder: Path, acknowledged: Path, number: int, args: argparse.Namespace) -> None:
    """Ingest one edition, writing each acknowledgement to a file and each step to standard output."""
    documents = edition(number, count=args.documents, seed=args.seed)
    embedder = embedder_called(args.embedder)
    seen: set[str] = set()

    def step(name: str, done: int, total: int) -> None:
        if name not in seen:
            seen.add(name)
            print(name, flush=True)

    with Library.open(folder) as library, acknowledged.open("a", encoding="utf-8") as acks:

        def acknowledge(put: Put) -> None:
            acks.write(json.dumps([number, put.document_id]) + "\n")
            acks.flush()

        acks.write(json.dumps([number, None]) + "\n")
        acks.flush()
        step("storing", 0, 0)
        library.remove_missing(_COLLECTION, [source.id for source, _ in documents])
        ingest(
            library,
            documents,
            embedder,
            collection=_COLLECTION,
            chunker="crash-1",
            progress=step,
            acknowledge=acknowledge,
            commits=Commits(documents=16, texts=64),
        )
    print("finished", flush=True)


def answers(folder: Path, embedder: Embedder) -> bytes:
    """What 20 questions find, by vectors and by keywords, with every score; and what the index says it is."""
    with Library.open(folder) as library:
        index = open_index(library, model_id=embedder.model_id, dimensions=embedder.dimensions)
        try:
            found = [
                [
                    [(hit.passage_id, hit.score) for hit in hits]
                    for hits in (
                        index.vector_hits(vector, kinds=["text"], k=10),
                        index.vector_hits(vector, k=10),
                        index.keyword_hits(question, field="text", k=10),
                        index.keyword_hits(question, field="aid", k=10),
                    )
                ]
                for question, vector in zip(QUESTIONS, embedder.encode(QUESTIONS), strict=True)
            ]
            return json.dumps([found, index.fingerprint, library.corpus_hash(fresh=True)]).encode()
        finally:
            index.close()


def inspect(
    folder: Path, acknowledged: Path, editions: Sequence[Documents], embedder: Embedder, tally: Tally
) -> None:
    """Open the library after a kill and count everything that is not as it was acknowledged.

    A document must be there whole in the edition acknowledged last, or in a later one that was begun: a kill
    may fall between a commit and its acknowledgement. It may be gone only if a later edition lacks it.
    """
    begun, newest = _acknowledgements(acknowledged)
    wanted = [{source.id: (source, passages) for source, passages in documents} for documents in editions]
    with Library.open(folder) as library:
        tally.unsound += bool(library.quick_check())
        stored: dict[str, list[Passage]] = {}
        for passage in library.iter_passages():
            stored.setdefault(passage.document_id, []).append(passage)
        for name, number in newest.items():
            there = sorted(stored.get(name, []), key=lambda passage: passage.ordinal)
            text = library.document_text(name)
            possible = [wanted[n].get(name) for n in range(number, begun + 1)]
            tally.acknowledged += len(there)
            if not _is_one_of(text, there, possible):
                known = max((len(pair[1]) for pair in possible if pair), default=0)
                tally.doubled += max(0, len(there) - known)
                tally.lost += max(1, known - len(there))
        if library.count():
            tally.unanswered += not _answers_something(library, embedder)


def _acknowledgements(path: Path) -> tuple[int, dict[str, int]]:
    """The edition begun last, and for each document the edition acknowledged last."""
    begun, newest = 0, {}
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        number, name = json.loads(line)
        begun = number
        if name is not None:
            newest[name] = number
    return begun, newest


def _is_one_of(
    text: str | None, there: list[Passage], possible: Sequence[tuple[SourceDocument, list[Passage]] | None]
) -> bool:
    return any(
        (text is None and not there) if pair is None else (text == pair[0].text and there == pair[1])
        for pair in possible
    )


def _answers_something(library: Library, embedder: Embedder) -> bool:
    if embedder.model_id not in library.vectors.counts():
        return True
    index = open_index(library, model_id=embedder.model_id, dimensions=embedder.dimensions, rebuild="never")
    try:
        return bool(index.vector_hits(embedder.encode(QUESTIONS[:1])[0], k=3))
    finally:
        index.close()


class Loop:
    """The kills, one after another, on one folder until a run survives."""

    def __init__(self, args: argparse.Namespace, work: Path) -> None:
        self.args = args
        self.chance = random.Random(args.seed)
        self.folder = work / "data"
        self.acknowledged = work / "acknowledged.jsonl"
        self.tally = Tally()
        self.embedder = embedder_called(args.embedder)
        self.editions = [edition(n, count=args.documents, seed=args.seed) for n in (0, 1)]
        self.seconds = dict.fromkeys(STEPS, 0.5)
        self.expected = [self._uninterrupted(work / f"reference-{n}", n) for n in (0, 1)]

    def run(self) -> Tally:
        """Kill until the number asked for is reached; after each survival go on to the other edition."""
        number = 0
        while sum(self.tally.kills.values()) < self.args.kills:
            self._round(number)
            if self._survived:
                self.tally.finished += 1
                self.tally.different += answers(self.folder, self.embedder) != self.expected[number]
                number = 1 - number
                if number == 0:
                    self._start_over()
        self._finish(number)
        return self.tally

    def _finish(self, number: int) -> None:
        """One last run that nobody kills."""
        with self._spawn(number) as process:
            process.communicate()
        inspect(self.folder, self.acknowledged, self.editions, self.embedder, self.tally)
        self.tally.finished += 1
        self.tally.different += answers(self.folder, self.embedder) != self.expected[number]

    def _round(self, number: int) -> None:
        step = self.chance.choice(STEPS)
        pause = self.chance.random() * self.seconds[step] * 1.1
        process = self._spawn(number)
        assert process.stdout is not None
        self._survived, reached = False, "before storing"
        for line in process.stdout:
            reached = line.strip()
            if reached == "finished":
                self._survived = True
                break
            if reached == step:
                time.sleep(pause)
                break
        process.kill()
        rest = process.communicate()[0]
        self._survived = self._survived or "finished" in rest
        if process.returncode not in (0, -9):
            raise SystemExit(f"The child failed by itself with code {process.returncode}.")
        if not self._survived:
            self.tally.kills[step] += 1
        inspect(self.folder, self.acknowledged, self.editions, self.embedder, self.tally)

    def _spawn(self, number: int, folder: Path | None = None) -> subprocess.Popen[str]:
        command = [
            sys.executable, "-m", "tests.acceptance.crash_ingest", "--child", str(number),
            "--folder", str(folder or self.folder), "--acknowledged", str(self.acknowledged),
            "--documents", str(self.args.documents), "--seed", str(self.args.seed),
            "--embedder", self.args.embedder,
        ]  # fmt: skip
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    def _uninterrupted(self, folder: Path, number: int) -> bytes:
        """Answers of a build nobody disturbs; its steps' durations say how long to wait before a kill."""
        with self._spawn(number, folder) as process:
            assert process.stdout is not None
            begun = [(line.strip(), time.monotonic()) for line in process.stdout]
        if process.returncode:
            raise SystemExit("The undisturbed build failed.")
        for (name, start), (_, end) in pairwise(begun):
            self.seconds[name] = end - start
        self.acknowledged.unlink()
        return answers(folder, self.embedder)

    def _start_over(self) -> None:
        shutil.rmtree(self.folder)
        self.acknowledged.unlink()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the loop, or be the child that is killed; 0 if nothing was lost."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--documents", type=int, default=300)
    parser.add_argument("--embedder", default="tiny", help="tiny, packaged, or a model's folder")
    parser.add_argument("--child", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--acknowledged", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args(arguments)
    if args.child is not None:
        child(args.folder, args.acknowledged, args.child, args)
        return 0
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as work:
        tally = Loop(args, Path(work)).run()
    print(
        f"seed {args.seed}: {sum(tally.kills.values())} kills ({dict(tally.kills)}), "
        f"{tally.finished} runs to the end, {tally.acknowledged} acknowledged passages looked up, "
        f"{tally.lost} passages lost, {tally.doubled} doubled, "
        f"{tally.unsound} unsound libraries, {tally.unanswered} unanswered searches, "
        f"{tally.different} answers unlike the undisturbed build; {time.monotonic() - started:.0f} s"
    )
    return 0 if tally.clean else 1


if __name__ == "__main__":
    raise SystemExit(main())
