"""The same passages whichever cache answers, filtered before ranking, in one order everywhere."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.documents import Tier
from assistant.errors import NotReadyError
from assistant.index import build, carry
from assistant.index.entries import EntryKind
from assistant.index.index import Index, Scope, open_index
from assistant.index.ingest import ingest
from assistant.index.library import Library
from assistant.index.search import Hit, Searcher
from assistant.index.vectors import ChromaCandidates, build_chroma
from tests.index.conftest import Shelf
from tests.index.samples import WORDS, HashingEmbedder, document, made_up_documents

ASKED = ("hospital trust in a vendor", "peer training for nurses", "no such words zzz", "go-live coach visit")


def _searcher(index: Index) -> Searcher:
    assert index._searcher is not None
    return index._searcher


def test_chroma_and_exact_search_find_the_same_with_the_same_scores(shelf: Shelf) -> None:
    index = shelf.open()
    cached = _searcher(index)
    assert cached.candidates is not None
    exact = replace(cached, candidates=None)
    for vector in shelf.embedder.encode(ASKED):
        for kinds in ([EntryKind.TEXT], [EntryKind.CONTEXT], [EntryKind.AID], list(EntryKind)):
            for k in (1, 5, 40, 10_000):
                assert cached.vector_hits(vector, kinds=kinds, k=k) == exact.vector_hits(
                    vector, kinds=kinds, k=k
                )
    index.close()


def test_a_passage_scores_the_best_of_its_entries_worked_out_by_hand(library: Library) -> None:
    embedder = HashingEmbedder()
    pairs = [
        document(
            "a", "Trust grows slowly.", context="Study of wards", aids=("Why so slow?", "Who trusts whom?")
        ),
        document("b", "Vendors train nurses.", aids=("Who trains?",)),
    ]
    ingest(library, pairs, embedder)
    index = open_index(library, model_id=embedder.model_id, dimensions=embedder.dimensions)
    query = embedder.encode(["Who trusts whom?"])[0]
    texts = {
        "a": [
            "Trust grows slowly.",
            "Study of wards Trust grows slowly.",
            "Why so slow?",
            "Who trusts whom?",
        ],
        "b": ["Vendors train nurses.", "Who trains?"],
    }
    expected = {
        pairs[place][1][0].id: max(
            float(np.dot(embedder.encode([text])[0].astype(float), query)) for text in texts[name]
        )
        for place, name in enumerate(texts)
    }
    hits = index.vector_hits(query, k=5)
    assert [hit.passage_id for hit in hits] == ["a:0-19", "b:0-21"]
    assert {hit.passage_id: hit.score for hit in hits} == pytest.approx(expected, abs=1e-6)
    assert hits[0].score == 1.0
    index.close()


@pytest.fixture
def mixed(library: Library) -> Shelf:
    embedder = HashingEmbedder()
    pairs = [
        document(
            f"d{number}",
            f"Hospitals share knowledge {WORDS[number]}.",
            tier=list(Tier)[number % 3],
            constructed=number % 4 == 0,
            domain="nhs" if number % 2 else "vr",
        )
        for number in range(36)
    ]
    ingest(library, pairs, embedder)
    return Shelf(library, embedder)


_SCOPES = st.builds(
    Scope,
    tiers=st.none() | st.frozensets(st.sampled_from(Tier)),
    constructed=st.booleans(),
    domains=st.none() | st.frozensets(st.sampled_from(["nhs", "vr"])),
)


@settings(max_examples=40)
@given(scope=_SCOPES, k=st.integers(0, 40))
def test_a_filter_lets_exactly_the_allowed_passages_be_ranked(mixed: Shelf, scope: Scope, k: int) -> None:
    index = mixed.open()
    allowed = {
        passage.id
        for passage in mixed.library.iter_passages()
        if (scope.tiers is None or passage.tier in scope.tiers)
        and (scope.constructed or not passage.constructed)
        and (scope.domains is None or passage.domain in scope.domains)
    }
    query = mixed.embedder.encode(["Hospitals share knowledge"])[0]
    near = [hit for hit in index.vector_hits(query, k=1000) if hit.passage_id in allowed]
    said = [hit for hit in index.keyword_hits("hospital knowledge", k=1000) if hit.passage_id in allowed]
    assert index.vector_hits(query, k=k, scope=scope) == near[:k]
    assert index.keyword_hits("hospital knowledge", k=k, scope=scope) == said[:k]
    assert len(near) == len(allowed)
    index.close()


def test_equal_scores_are_ordered_by_id(library: Library) -> None:
    embedder = HashingEmbedder()
    ingest(library, [document(name, "Peers visit.") for name in ("c", "a", "b")], embedder)
    index = open_index(library, model_id=embedder.model_id, dimensions=embedder.dimensions)
    names = ["a:0-12", "b:0-12", "c:0-12"]
    assert [hit.passage_id for hit in index.vector_hits(embedder.encode(["visit"])[0], k=3)] == names
    assert [hit.passage_id for hit in index.keyword_hits("peer", k=3)] == names
    assert [hit.passage_id for hit in index.keyword_hits("peer", k=2)] == names[:2]
    index.close()


def test_words_that_nobody_used_find_nothing(shelf: Shelf) -> None:
    index = shelf.open()
    assert index.keyword_hits("zebra", k=5) == []
    assert index.keyword_hits("the of and", k=5) == []
    index.close()


_ANOTHER_PROCESS = """
import json, sys
from pathlib import Path
from assistant.index.index import open_index
from assistant.index.library import Library
from tests.index.samples import HashingEmbedder
embedder = HashingEmbedder()
with Library.open(Path(sys.argv[1]), read_only=sys.argv[2] == "reader") as library:
    index = open_index(library, model_id=embedder.model_id, dimensions=embedder.dimensions)
    assert not index.degraded
    asked = json.loads(sys.argv[3])
    hits = [index.vector_hits(vector, k=20) for vector in embedder.encode(asked)]
    hits += [index.keyword_hits(text, k=20) for text in asked]
    found = [[(hit.passage_id, hit.score) for hit in some] for some in hits]
    print(json.dumps([index.fingerprint, found]))
    index.close()
"""


def test_every_process_owner_or_reader_gives_the_same_bytes_under_any_hash_seed(shelf: Shelf) -> None:
    folder = shelf.library.folder

    def ask(role: str, seed: str) -> bytes:
        return subprocess.run(
            [sys.executable, "-c", _ANOTHER_PROCESS, str(folder), role, json.dumps(ASKED)],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parents[2])},
            capture_output=True,
            check=True,
        ).stdout

    beside = ask("reader", "1")
    shelf.library.close()
    assert beside == ask("owner", "2") == ask("reader", "3")


def test_a_rebuilt_index_gives_the_same_fingerprint_and_hits_after_another_history(tmp_path: Path) -> None:
    embedder, made = HashingEmbedder(), made_up_documents(40)
    outcomes: list[tuple[str, list[list[Hit]]]] = []
    for name, rounds in (("at once", [made]), ("bit by bit", [made[30:], made[:5], made[::-1]])):
        with Library.open(tmp_path / name) as library:
            for some in rounds:
                ingest(library, some, embedder)
            index = open_index(library, model_id=embedder.model_id, dimensions=embedder.dimensions)
            hits = [index.vector_hits(vector, k=30) for vector in embedder.encode(ASKED)]
            outcomes.append((index.fingerprint, hits))
            index.close()
    assert outcomes[0] == outcomes[1]


def test_chroma_is_carried_over_a_small_change_and_still_finds_exactly_what_is_there_now(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedder, made = HashingEmbedder(), made_up_documents(120)
    ingest(library, made, embedder, collection="c")
    monkeypatch.setattr(carry, "_ALWAYS_ANEW", 1)
    built: list[int] = []
    monkeypatch.setattr(build, "build_chroma", lambda *given: built.append(1))
    changed = [
        document(made[3][0].id, "Reworded: peers visit a ward.", aids=("Who visits a ward?",)),
        *made[5:],
    ]
    for some in (changed, [*changed, document("new", "A vendor trains the nurses of a ward.")]):
        library.remove_missing("c", [source.id for source, _ in some])
        assert ingest(library, some, embedder, collection="c").rebuilt
        index = open_index(library, model_id=embedder.model_id, dimensions=embedder.dimensions)
        cached = _searcher(index)
        assert cached.candidates is not None
        exact = replace(cached, candidates=None)
        for vector in embedder.encode([*ASKED, "Who visits a ward?"]):
            for kinds in ([EntryKind.TEXT], list(EntryKind)):
                assert cached.vector_hits(vector, kinds=kinds, k=30) == exact.vector_hits(
                    vector, kinds=kinds, k=30
                )
        index.close()
    assert not built


def test_chroma_is_built_anew_after_much_change(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    embedder, made = HashingEmbedder(), made_up_documents(120)
    monkeypatch.setattr(carry, "_ALWAYS_ANEW", 1)
    ingest(library, made[:90], embedder)
    ingest(library, made, embedder)
    index = open_index(library, model_id=embedder.model_id, dimensions=embedder.dimensions)
    candidates = _searcher(index).candidates
    assert isinstance(candidates, ChromaCandidates)
    assert sum(candidates.counts().values()) == len(_searcher(index).vectors)
    index.close()


def test_vectors_of_gives_the_stored_vector_of_each_passage_that_has_one(shelf: Shelf) -> None:
    index = shelf.open()
    passages = list(shelf.library.iter_passages())
    found = index.vectors_of([passage.id for passage in passages] + ["no such"], "text")
    assert set(found) == {passage.id for passage in passages}
    for passage in passages[:5]:
        assert np.array_equal(found[passage.id], shelf.embedder.encode([passage.text])[0])
    with_aids = {passage.id for passage in passages if passage.aids}
    assert set(index.vectors_of([passage.id for passage in passages], "aid")) == with_aids
    index.close()


def test_an_empty_library_and_a_library_of_another_model_are_not_ready(shelf: Shelf, tmp_path: Path) -> None:
    with Library.open(tmp_path / "empty") as empty, pytest.raises(NotReadyError, match="assistant ingest"):
        open_index(empty, model_id="m", dimensions=64)
    with pytest.raises(NotReadyError, match=r"embedded by hashing@1, not by other@2.*assistant ingest"):
        open_index(shelf.library, model_id="other@2", dimensions=64)


def test_two_models_side_by_side_never_mix(shelf: Shelf) -> None:
    other = HashingEmbedder(dimensions=32, model_id="other@2")
    before = shelf.open("never").fingerprint
    ingest(shelf.library, made_up_documents(60), other, collection="made-up", chunker="1")
    index = open_index(shelf.library, model_id=other.model_id, dimensions=32)
    assert index.fingerprint != before
    assert _searcher(index).vectors.shape[1] == 32
    text = next(iter(shelf.library.iter_passages())).text
    assert index.vector_hits(other.encode([text])[0], k=1)[0].score == pytest.approx(1)
    index.close()


def test_chroma_finds_99_of_100_true_neighbours_among_many_vectors(tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    centres = rng.normal(size=(300, 64))
    vectors = (centres[rng.integers(0, 300, 6000)] + 0.8 * rng.normal(size=(6000, 64))).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    build_chroma(tmp_path / "chroma", vectors, {"text": np.arange(6000)})
    candidates = ChromaCandidates(
        tmp_path / "chroma",
        tmp_path / "run",
        rows=np.arange(6000),
        vectors=vectors,
        rows_by_kind={"text": np.arange(6000)},
    )
    shares = []
    for row in rng.integers(0, 6000, 40):
        query = vectors[row] + 0.05 * rng.normal(size=64).astype(np.float32)
        query /= np.linalg.norm(query)
        found = set(candidates.nearest("text", query, 200).tolist())
        shares.append(np.mean([true in found for true in np.argsort(-(vectors @ query))[:100]]))
    candidates.close()
    assert np.mean(shares) >= 0.99
