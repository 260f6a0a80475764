"""Builds the search caches from the library and opens them, checked: hashes, counts and two known questions.

Whatever is wrong with a cache, the library can answer without it: `from_library` holds everything in memory.
"""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.errors import StorageError
from assistant.index.carry import carried_rows
from assistant.index.entries import EntryKind
from assistant.index.keywords import FIELDS, KeywordField, Weighting, field_stems
from assistant.index.library import Library
from assistant.index.model_files import file_digest
from assistant.index.search import Candidates, Searcher
from assistant.index.table import KINDS, Table, gather
from assistant.index.vectors import ChromaCandidates, build_chroma, copy_linked
from assistant.index.version import (
    FORMAT,
    Manifest,
    damaged_files,
    live_version,
    publish,
    relative_files,
    remove_others,
    versions_folder,
)

CHUNKER = "chunker"
"""Key under which the library remembers how its passages were cut."""

DEFAULT = Weighting()

_STORED = """
SELECT count(*) AS n FROM entries e JOIN vectors v ON v.sha256 = e.sha256 AND v.model_id = ?
WHERE length(v.vector) > 0
"""


def fingerprint(library: Library, model_id: str, weighting: Weighting = DEFAULT) -> str:
    """SHA-256 of all that decides what an index finds: corpus, model, vectors, chunker and weighting."""
    facts = {
        "format": FORMAT,
        "corpus": library.corpus_hash(),
        "model": model_id,
        "vectors": int(library.rows(_STORED, (model_id,))[0]["n"]),
        "chunker": library.meta(CHUNKER) or "",
        "weighting": asdict(weighting),
    }
    return sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def from_library(
    library: Library, model_id: str, dimensions: int, weighting: Weighting = DEFAULT
) -> Searcher:
    """Exact search over everything in the library, held in memory: needs no cache."""
    with library.snapshot():
        state = fingerprint(library, model_id, weighting)
        table, vectors = gather(library, model_id, dimensions)
        stems = field_stems(list(library.iter_passages()))
    fields = {"text": KeywordField.build(stems["text"], weighting)}
    same = stems["aid"] is stems["text"]
    fields["aid"] = fields["text"] if same else KeywordField.build(stems["aid"], weighting)
    return Searcher(state, table, vectors, fields)


def build_index(library: Library, model_id: str, dimensions: int, weighting: Weighting = DEFAULT) -> Path:
    """Write a new live version of the caches and remove older ones; returns its folder."""
    return write_version(library, from_library(library, model_id, dimensions, weighting), model_id, weighting)


def write_version(library: Library, searcher: Searcher, model_id: str, weighting: Weighting) -> Path:
    """Write what `searcher` holds, and Chroma beside it, as the new live version."""
    fresh = versions_folder(library.folder) / f"v-{searcher.fingerprint[:16]}-{secrets.token_hex(3)}"
    try:
        fresh.mkdir(parents=True)
        searcher.table.save(fresh)
        np.save(fresh / "vectors.npy", searcher.vectors)
        for name in _own_fields(searcher):
            searcher.fields[name].save(fresh / "keywords" / name)
        known = _write_chroma(library, searcher, fresh, model_id)
        publish(library.folder, fresh, _manifest(library, searcher, fresh, (model_id, weighting, known)))
    except OSError as error:
        shutil.rmtree(fresh, ignore_errors=True)
        raise StorageError(
            f"The search index could not be written: {error.strerror}.",
            hint="Check that the disk has room. Nothing that was read in is lost.",
        ) from error
    remove_others(library.folder, fresh)
    return fresh


def _write_chroma(library: Library, searcher: Searcher, fresh: Path, model_id: str) -> dict[str, int]:
    """Carry Chroma over from the version before or build it anew; returns its rows by kind."""
    carried = carried_rows(library.folder, model_id, searcher.table, searcher.vectors)
    live = live_version(library.folder)
    if carried and live:
        chroma, rows = carried
        copy_linked(chroma, fresh / "chroma")
        np.save(fresh / "chroma_rows.npy", rows)
        return dict(live[1].chroma)
    by_kind = _rows_by_kind(searcher.table)
    build_chroma(fresh / "chroma", searcher.vectors, by_kind)
    np.save(fresh / "chroma_rows.npy", np.arange(len(searcher.vectors), dtype=np.int64))
    return {kind: len(rows) for kind, rows in by_kind.items()}


def _rows_by_kind(table: Table) -> dict[str, NDArray[np.int64]]:
    return {kind.value: table.rows_of_kind(kind) for kind in KINDS}


def open_version(
    library: Library, model_id: str, weighting: Weighting = DEFAULT
) -> tuple[Searcher | None, tuple[str, ...]]:
    """The live version if it is sound and of this library and model, and otherwise what is wrong with it.

    Only the owner of the data folder opens Chroma; others search the same vectors exactly.
    """
    live = live_version(library.folder)
    if live is None:
        return None, ("there is no index, or its pointer or manifest is damaged",)
    folder, manifest = live
    if manifest.fingerprint != fingerprint(library, model_id, weighting):
        return None, ("the index was built from another state of the library",)
    if damaged := damaged_files(folder, manifest):
        return None, tuple(f"the file {name} is damaged" for name in damaged)
    try:
        searcher = _load(library, folder, manifest)
        faults = _faults(library, searcher, manifest)
    except Exception as error:
        return None, (f"the index cannot be opened: {error}",)
    if faults:
        _close(searcher)
        return None, faults
    return searcher, ()


def _load(library: Library, folder: Path, manifest: Manifest) -> Searcher:
    table = Table.load(folder)
    vectors = np.load(folder / "vectors.npy", mmap_mode="r", allow_pickle=False)
    fields = {"text": KeywordField.load(folder / "keywords" / "text", len(table.ids))}
    aid = folder / "keywords" / "aid"
    fields["aid"] = KeywordField.load(aid, len(table.ids)) if aid.is_dir() else fields["text"]
    candidates: Candidates | None = None
    if library.writable and len(vectors):
        candidates = ChromaCandidates(
            folder / "chroma",
            versions_folder(library.folder) / "run",
            rows=np.load(folder / "chroma_rows.npy", allow_pickle=False),
            vectors=vectors,
            rows_by_kind=_rows_by_kind(table),
        )
    return Searcher(manifest.fingerprint, table, vectors, fields, candidates)


def _manifest(
    library: Library, searcher: Searcher, folder: Path, facts: tuple[str, Weighting, Mapping[str, int]]
) -> Manifest:
    model_id, weighting, known_rows = facts
    table = searcher.table
    known = table.ids[table.groups[len(table.groups) // 2]] if len(table.groups) else ""
    return Manifest(
        format=FORMAT,
        fingerprint=searcher.fingerprint,
        corpus_hash=library.corpus_hash(),
        model_id=model_id,
        dimensions=int(searcher.vectors.shape[1]),
        chunker=library.meta(CHUNKER) or "",
        weighting=asdict(weighting),
        passages=len(table.ids),
        entries={kind: len(rows) for kind, rows in _rows_by_kind(table).items()},
        chroma=known_rows,
        files={name: file_digest(folder / name) for name in relative_files(folder)},
        known_passage=known,
        known_hits=_known_hits(library, searcher, known),
    )


def _faults(library: Library, searcher: Searcher, manifest: Manifest) -> tuple[str, ...]:
    """What counts and the two known questions find wrong."""
    table, entries = searcher.table, sum(manifest.entries.values())
    faults = []
    if len(table.ids) != manifest.passages or library.count() != manifest.passages:
        faults.append("the index and the library hold different numbers of passages")
    if searcher.vectors.shape != (entries, manifest.dimensions) or len(table.groups) != entries:
        faults.append("the index holds a different number of vectors than it should")
    if isinstance(searcher.candidates, ChromaCandidates):
        there = searcher.candidates.counts()
        if there != {kind: count for kind, count in manifest.chroma.items() if count}:
            faults.append("Chroma holds a different number of vectors than it should")
    if not faults and _known_hits(library, searcher, manifest.known_passage) != manifest.known_hits:
        faults.append("a known question finds something else than it should")
    return tuple(faults)


def _known_hits(library: Library, searcher: Searcher, passage_id: str) -> dict[str, list[list[Any]]]:
    """What a passage's own vector and own words find: the five best of each."""
    passage = library.passage(passage_id)
    own = searcher.vectors_of([passage_id], EntryKind.TEXT)
    if passage is None or passage_id not in own:
        return {}
    near = searcher.vector_hits(own[passage_id], kinds=KINDS, k=5)
    said = {name: searcher.keyword_hits(passage.text, field=name, k=5) for name in FIELDS}
    return {
        name: [[hit.passage_id, hit.score] for hit in hits] for name, hits in {"vector": near, **said}.items()
    }


def _own_fields(searcher: Searcher) -> tuple[str, ...]:
    return ("text",) if searcher.fields["aid"] is searcher.fields["text"] else FIELDS


def _close(searcher: Searcher) -> None:
    if searcher.candidates is not None:
        searcher.candidates.close()
