"""Collections of the public sets, read in by the assistant itself and kept, and searches over them.

Each content has a folder of its own, so a second run encodes nothing. Only the collection used last is open.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from assistant.engine import Assistant
from assistant.evaluation.benches.parts import Record, Search, Talks, TalkSearch
from assistant.index.index import Scope
from assistant.index.library import Library

_DEEPEST = 8
"""A search goes at most this many times deeper than asked while passages of one record crowd it."""


class Shelf:
    """Reads collections in below a folder. `build` opens an assistant on a data folder."""

    def __init__(self, build: Callable[[Path], Assistant], work: Path) -> None:
        self._build = build
        self._work = work
        self._open: tuple[str, Assistant] | None = None

    def search_in(self, records: Sequence[Record]) -> Search:
        """A search over records."""
        fields = ({"id": r.id, "title": r.title, "text": r.text} for r in records)
        return _searching(self._reader("records", fields))

    def talks_in(self, talks: Talks) -> TalkSearch:
        """A search over the turns of transcripts, in one of them or in all."""
        written = (
            {
                "id": name,
                "domain": name,
                "turns": [{"speaker": speaker, "text": words} for speaker, words in turns],
            }
            for name, turns in talks.items()
        )
        return _searching_turns(self._reader("talks", written), talks)

    def close(self) -> None:
        """Let go of the collection that is open."""
        if self._open:
            self._open[1].close()
            self._open = None

    def _reader(self, kind: str, records: Iterable[Mapping[str, object]]) -> Assistant:
        """An assistant that has read those records in, now or in an earlier run."""
        text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
        name = f"{kind}-{sha256(text.encode()).hexdigest()[:16]}"
        if self._open and self._open[0] == name:
            return self._open[1]
        self.close()
        folder = self._work / name
        folder.mkdir(parents=True, exist_ok=True)
        source = folder / "records.jsonl"
        assistant = self._build(folder / "data")
        self._open = name, assistant
        if not source.is_file() or not assistant.ready:
            source.write_text(text, encoding="utf-8")
            self._borrow(kind, assistant)
        # A run that was stopped half-way goes on here; otherwise this finds nothing to do.
        assistant.ingest([source])
        return assistant

    def _borrow(self, kind: str, assistant: Assistant) -> None:
        """Take over the vectors of like collections, for sets share texts."""
        for sibling in sorted(self._work.glob(f"{kind}-*/data")):
            if sibling != assistant.library.folder:
                with Library.open(sibling, read_only=True) as other:
                    assistant.library.vectors.adopt(other.vectors, assistant.embedder.model_id)


def _searching(assistant: Assistant) -> Search:
    """Its search, by record; asked deeper while several passages of one record crowd the first places."""

    def search(query: str, k: int) -> Sequence[str]:
        wanted, depth = list[str](), k
        while True:
            hits = assistant.search(query, k=depth)
            wanted = list(dict.fromkeys(h.passage.record_id for h in hits if h.passage.record_id))
            if len(wanted) >= k or len(hits) < depth or depth >= _DEEPEST * k:
                return wanted[:k]
            depth *= 2

    return search


def _searching_turns(assistant: Assistant, talks: Talks) -> TalkSearch:
    """Its retrieval among turns: a long turn is found once, where the best part of it stands."""
    numbers = {
        name: [n for n, (_, words) in enumerate(turns) if words.strip()] for name, turns in talks.items()
    }
    starts: dict[str, list[int]] = {}

    def turn_of(talk: str, document_id: str, start: int) -> int:
        if talk not in starts:
            document = assistant.library.document(document_id)
            starts[talk] = [block.span.start for block in document.blocks] if document else [0]
        return numbers[talk][bisect_right(starts[talk], start) - 1]

    def search(query: str, talk: str | None, k: int) -> Sequence[tuple[str, int]]:
        scope = Scope(domains=None if talk is None else frozenset({talk}))
        found = (e.passage for e in assistant.workings.retriever.retrieve(query, k=k, scope=scope).evidence)
        return list(
            dict.fromkeys(
                (p.record_id, turn_of(p.record_id, p.document_id, p.span.start)) for p in found if p.record_id
            )
        )

    return search
