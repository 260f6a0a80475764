"""The library keeps what it was given, once, and gives it back unchanged."""

from __future__ import annotations

import random
import sqlite3
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.documents import BlockKind, Passage, Tier
from assistant.domain.framework import Catalogue, Coding, Finding, Relationship, Study
from assistant.errors import InputError, NotReadyError, StorageError
from assistant.index.entries import EntryKind, entries_of
from assistant.index.library import Library
from assistant.index.schema import FILE, MIGRATIONS
from tests.index.samples import document, made_up_documents

SENTENCES = st.text(
    st.characters(blacklist_categories=("Cs",), blacklist_characters="\n"), min_size=1, max_size=60
)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(SENTENCES, min_size=1, max_size=6),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
)
def test_passages_and_documents_come_back_equal(sentences: list[str], context: str) -> None:
    pair = document("d", *sentences, context=context, aids=("Is it so?",), tier=Tier.CONTROLLED)
    with tempfile.TemporaryDirectory() as folder, Library.open(Path(folder)) as library:
        library.put([pair])
        assert library.document("d") == pair[0]
        assert list(library.iter_passages()) == sorted(pair[1], key=lambda passage: passage.id)
        assert library.document_text("d") == pair[0].text


def test_the_same_documents_in_any_order_add_no_row_and_keep_the_corpus_hash(library: Library) -> None:
    made = made_up_documents(40)
    library.put(made)
    before, rows = library.corpus_hash(), library.count()
    for seed in range(3):
        shuffled = random.Random(seed).sample(made, len(made))
        assert {put.outcome for put in library.put(shuffled)} == {"unchanged"}
    assert (library.corpus_hash(fresh=True), library.count()) == (before, rows)


def test_the_corpus_hash_does_not_depend_on_the_order_of_reading(tmp_path: Path) -> None:
    hashes = set()
    for seed in range(3):
        with Library.open(tmp_path / str(seed)) as library:
            for pair in random.Random(seed).sample(made_up_documents(20), 20):
                library.put([pair])
            hashes.add(library.corpus_hash())
    assert len(hashes) == 1


def test_a_changed_document_replaces_its_passages_and_changes_the_corpus_hash(library: Library) -> None:
    library.put([document("d", "Peers visit.", "They learn.")])
    before = library.corpus_hash()
    (put,) = library.put([document("d", "Peers visit.", "They learn a lot.")])
    assert (put.outcome, put.passages, put.new) == ("updated", 2, 1)
    assert [passage.text for passage in library.iter_passages()] == ["Peers visit.", "They learn a lot."]
    assert library.corpus_hash() != before


@pytest.mark.parametrize("column", ["text", "context", "aids", "tier", "constructed"])
def test_a_byte_changed_behind_its_back_changes_the_fresh_corpus_hash(library: Library, column: str) -> None:
    library.put([document("d", "Peers visit.", context="A study", aids=("Who?",))])
    before = library.corpus_hash()
    with library.writing() as connection:
        connection.execute(f"UPDATE passages SET {column} = '1'")
    assert library.corpus_hash(fresh=True) != before


def test_a_passage_that_is_not_what_its_document_says_is_refused_and_nothing_is_stored(
    library: Library,
) -> None:
    good, (source, (passage,)) = document("a", "True."), document("b", "Peers visit.")
    with pytest.raises(InputError, match=r"not what b\.md says"):
        library.put([good, (source, [replace(passage, text="Peers vizit.")])])
    assert library.count() == 0


def test_documents_that_vanished_from_a_collection_are_removed_and_others_stay(library: Library) -> None:
    library.put([document("a", "One."), document("b", "Two.")], collection="first")
    library.put([document("c", "Three.")], collection="second")
    assert library.remove_missing("first", ["a"]) == ("b",)
    assert [passage.document_id for passage in library.iter_passages()] == ["a", "c"]
    assert library.rows("SELECT count(*) FROM entries")[0][0] == 2


def test_neighbours_are_the_passages_around_one_in_reading_order(library: Library) -> None:
    _, passages = pair = document("d", "Zero.", "One.", "Two.", "Three.", "Four.")
    library.put([pair, document("e", "Elsewhere.")])
    before, after = library.neighbours(passages[3].id, before=2, after=2)
    assert [passage.text for passage in before] == ["One.", "Two."]
    assert [passage.text for passage in after] == ["Four."]
    assert library.neighbours("no such") == ((), ())


def test_passages_come_in_the_order_asked_for_and_unknown_ids_are_left_out(library: Library) -> None:
    _, passages = pair = document("d", *(f"Sentence {n}." for n in range(1200)))
    library.put([pair])
    asked = [passage.id for passage in reversed(passages)]
    assert list(library.passages([*asked, "no such"])) == asked


def _study() -> Study:
    return Study(
        id="s", title="A study", authors=("A", "B"), year=2020, venue=None, doi=None, url=None, licence=None,
        study_design=None, sample="12 trusts", setting=None, domain="nhs", tags=("t",), tier="open",
        status="seen", peer_reviewed=True, strength=None, verified=None, evidence_group="g", citable=True,
    )  # fmt: skip


def _finding() -> Finding:
    coding = Coding(level="network", factors=("f",), role=None, mechanisms=("m",), polarity="mixed")
    return Finding(
        id="s-f01", study_id="s", domain="nhs", statement="It works.", subject="mechanism", kind="reported",
        coding=coding, role_basis=None, relationship=Relationship("formal", None), strength=None,
        locator="p. 3", seen="abstract", second_coding=coding, asked_as=("Does it work?",),
    )  # fmt: skip


def test_the_catalogue_comes_back_equal_and_putting_it_again_changes_nothing(library: Library) -> None:
    catalogue = Catalogue(studies={"s": _study()}, findings={"s-f01": _finding()})
    assert library.put_catalogue(catalogue, collection="c")
    before = library.corpus_hash()
    assert not library.put_catalogue(catalogue, collection="c")
    assert library.catalogue() == catalogue
    assert library.put_catalogue(Catalogue(studies={"s": _study()}), collection="c")
    assert library.catalogue().findings == {}
    assert library.corpus_hash() != before


def test_a_finding_is_embedded_as_statement_in_context_and_by_each_aid() -> None:
    _, (passage,) = document(
        "f", "It works.", context="A study of twins", aids=("Does it?", "Will it?"), kind=BlockKind.FINDING
    )
    assert [(entry.kind, entry.text) for entry in entries_of(passage)] == [
        (EntryKind.TEXT, "It works."),
        (EntryKind.CONTEXT, "A study of twins It works."),
        (EntryKind.AID, "Does it?"),
        (EntryKind.AID, "Will it?"),
    ]


def test_prose_without_title_or_context_is_embedded_once(library: Library) -> None:
    _, (passage,) = document("p", "Only this.")
    assert [entry.kind for entry in entries_of(passage)] == [EntryKind.TEXT]
    titled: Passage = replace(passage, title="A report", heading=("A report", "Results"))
    assert entries_of(titled)[1].text == "A report Results Only this."


def test_nothing_can_be_read_before_anything_was_written(tmp_path: Path) -> None:
    with pytest.raises(NotReadyError, match="Nothing has been read in yet"):
        Library.open(tmp_path, read_only=True)


def test_a_read_only_library_reads_and_refuses_to_write(library: Library) -> None:
    library.put([document("d", "Peers visit.")])
    with Library.open(library.folder, read_only=True) as reader:
        assert reader.count() == 1
        assert not reader.writable
        with pytest.raises(StorageError, match="for reading only"):
            reader.put([document("e", "No.")])


def test_a_library_of_a_later_program_is_refused(tmp_path: Path) -> None:
    Library.open(tmp_path).close()
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    connection.close()
    with pytest.raises(StorageError, match="knows up to"):
        Library.open(tmp_path)


def test_a_damaged_library_file_is_named_and_does_not_keep_the_lock(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"not a database at all" * 100)
    for _ in range(2):
        with pytest.raises(StorageError, match="cannot be opened"):
            Library.open(tmp_path)


def test_a_damaged_page_is_found_by_the_quick_check(tmp_path: Path) -> None:
    with Library.open(tmp_path) as library:
        library.put(made_up_documents(200))
        assert library.quick_check() == ()
    raw = bytearray((tmp_path / FILE).read_bytes())
    raw[8192 : 8192 + 4096 * 8] = bytes(4096 * 8)
    (tmp_path / FILE).write_bytes(raw)
    with Library.open(tmp_path) as library:
        assert library.quick_check() != ()


def test_after_a_failed_write_nothing_more_is_written(library: Library) -> None:
    library.put([document("d", "Peers visit.")])
    library.rows("PRAGMA max_page_count = 1")
    with pytest.raises(StorageError, match="could not be written"):
        library.put([document("big", "x" * 10_000_000)])
    with pytest.raises(StorageError, match="failed before"):
        library.put([document("e", "No.")])
    assert library.count() == 1


def test_settings_that_keep_data_safe_are_in_force(library: Library) -> None:
    facts = {
        name: library.rows(f"PRAGMA {name}")[0][0] for name in ("journal_mode", "synchronous", "foreign_keys")
    }
    assert facts == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
