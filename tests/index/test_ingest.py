"""Reading in: once, resumable, nothing cut, and everything found afterwards."""

from __future__ import annotations

import pytest

from assistant.index.changes import Put
from assistant.index.index import open_index
from assistant.index.ingest import Commits, encode_pending, ingest
from assistant.index.library import Library
from tests.acceptance import crash_ingest
from tests.index.conftest import Shelf
from tests.index.samples import HashingEmbedder, document, made_up_documents


def test_the_same_input_again_stores_encodes_and_builds_nothing(shelf: Shelf) -> None:
    before = shelf.embedder.encoded
    again = ingest(shelf.library, made_up_documents(60), shelf.embedder, collection="made-up", chunker="1")
    assert (again.new_passages, again.encoded, again.rebuilt) == (0, 0, False)
    assert shelf.embedder.encoded == before


def test_equal_texts_are_encoded_once(library: Library) -> None:
    embedder = HashingEmbedder()
    done = ingest(library, [document(name, "Peers visit.") for name in "abc"], embedder)
    assert (done.new_passages, done.encoded) == (3, 1)


def test_an_interrupted_encoding_goes_on_where_it_stopped(library: Library) -> None:
    class Stopped(HashingEmbedder):
        def encode(self, texts: object, **options: object):  # type: ignore[no-untyped-def,override]
            if self.encoded >= 40:
                raise KeyboardInterrupt
            return super().encode(texts)  # type: ignore[arg-type]

    made, broken = made_up_documents(40), Stopped()
    with pytest.raises(KeyboardInterrupt):
        ingest(library, made, broken, commits=Commits(documents=8, texts=20))
    assert library.count() == sum(len(passages) for _, passages in made)
    rest = len(library.vectors.pending(broken.model_id))
    embedder = HashingEmbedder()
    assert ingest(library, made, embedder).encoded == rest
    assert embedder.encoded == rest
    assert library.vectors.pending(embedder.model_id) == []


def test_a_text_over_the_window_is_embedded_whole_in_parts_and_found_by_its_end(library: Library) -> None:
    embedder = HashingEmbedder(max_tokens=8)
    words = " ".join(f"filler{n}" for n in range(30)) + " finally peers visit wards"
    pair = document("long", words, context="A study in context")
    done = ingest(library, [pair, *made_up_documents(20, length=3)], embedder)
    assert done.left_out >= 1
    index = open_index(library, model_id=embedder.model_id, dimensions=embedder.dimensions)
    best = index.vector_hits(embedder.encode(["finally peers visit wards"])[0], kinds=["text"], k=1)
    assert best[0].passage_id == pair[1][0].id
    index.close()
    assert encode_pending(library, embedder) == (0, 0)


def test_each_document_is_acknowledged_after_its_commit(library: Library) -> None:
    seen: list[str] = []

    def acknowledge(put: Put) -> None:
        with Library.open(library.folder, read_only=True) as other:
            assert other.document(put.document_id) is not None
        seen.append(put.document_id)

    made = made_up_documents(9)
    ingest(library, made, HashingEmbedder(), acknowledge=acknowledge, commits=Commits(documents=4))
    assert seen == [source.id for source, _ in made]


def test_progress_names_each_step_and_ends_with_all_done(library: Library) -> None:
    steps: list[tuple[str, int, int]] = []
    ingest(
        library, made_up_documents(30), HashingEmbedder(), progress=lambda *step: steps.append(step),
        commits=Commits(texts=16),
    )  # fmt: skip
    assert list(dict.fromkeys(name for name, _, _ in steps)) == ["storing", "encoding", "indexing"]
    encoding = [(done, total) for name, done, total in steps if name == "encoding"]
    assert encoding[-1][0] == encoding[-1][1] > 30
    assert [done for done, _ in encoding] == sorted(done for done, _ in encoding)


def test_vectors_of_texts_that_are_gone_and_of_other_models_can_be_dropped(shelf: Shelf) -> None:
    shelf.library.remove_missing("made-up", [source.id for source, _ in made_up_documents(10)])
    assert shelf.library.vectors.drop_unused(keep_models=[shelf.embedder.model_id]) > 0
    assert shelf.library.vectors.pending(shelf.embedder.model_id) == []
    assert shelf.library.vectors.drop_unused(keep_models=["other"]) > 0
    assert shelf.library.vectors.counts() == {}


def test_five_kills_at_random_moments_lose_and_double_nothing() -> None:
    assert crash_ingest.main(["--kills", "5", "--seed", "11", "--documents", "60"]) == 0
