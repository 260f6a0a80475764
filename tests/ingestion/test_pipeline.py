"""Folders are read file by file, and every file that is not read says why."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from assistant.ingestion.pipeline import Outcome, ReadResult, read_paths

BUNDLED = Path(__file__).parents[2] / "corpus"


def write(folder: Path, **files: str | bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return folder


def results(*paths: Path, **options: bool | int) -> dict[str, ReadResult]:
    found = list(read_paths(paths, **options))  # type: ignore[arg-type]
    assert len({result.origin for result in found}) == len(found)
    return {result.origin: result for result in found}


def test_a_folder_is_read_in_order_and_every_other_file_says_why_not(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "set",
        b_dot_md="# B\n\nWords.",
        a_dot_txt="Words.",
        sub__c_dot_vtt="WEBVTT\n\n00:01.000 --> 00:02.000\n<v P1>Hello.",
        sub__d_dot_jsonl='{"id": "x", "text": "One."}\nnot json\n',
        e_dot_pdf=b"%PDF-1.7",
        f_dot_txt=b"\x89PNG\0\0",
        g_dot_txt=" \n",
        h_dot_txt="caf\u00e9".encode("latin-1"),
        i_dot_vtt="no signature",
        _dot_hidden__x_dot_txt="Secret.",
        _dot_env_dot_txt="Secret.",
    )
    found = results(folder)
    assert list(found) == [
        *("a.txt", "b.md", "e.pdf", "f.txt", "g.txt", "h.txt", "i.vtt"),
        *("sub/c.vtt", "sub/d.jsonl", "sub/d.jsonl#2"),
    ]
    outcomes = {origin: result.outcome for origin, result in found.items()}
    assert [o for o, outcome in outcomes.items() if outcome is Outcome.READ] == [
        "a.txt",
        "b.md",
        "sub/c.vtt",
        "sub/d.jsonl",
    ]
    assert found["e.pdf"].reason == "There is no reader for .pdf."
    assert found["f.txt"].reason == "The file is binary, not text."
    assert found["g.txt"].reason == "The file is empty."
    assert "UTF-8" in found["h.txt"].reason
    assert "WEBVTT" in found["i.vtt"].reason
    assert found["sub/d.jsonl#2"].reason.startswith("Line 2: Not valid JSON")
    assert [d.id for result in found.values() for d in result.documents] == [
        "a.txt",
        "b.md",
        "sub/c.vtt",
        "sub/d/x",
    ]


def test_a_copy_elsewhere_has_the_same_documents(tmp_path: Path) -> None:
    first = write(tmp_path / "one" / "set", a_dot_txt="Words.", s__r_dot_jsonl='{"id": "x", "text": "One."}')
    second = write(
        tmp_path / "two" / "other", a_dot_txt="Words.", s__r_dot_jsonl='{"id": "x", "text": "One."}'
    )
    assert list(read_paths([first])) == list(read_paths([second]))


def test_two_folders_in_one_call_never_share_an_id(tmp_path: Path) -> None:
    first = write(tmp_path / "one", a_dot_txt="Words.", b_dot_txt="More.")
    second = write(tmp_path / "two", a_dot_txt="Other words.", c_dot_txt="Less.")
    found = list(read_paths([first, second]))
    assert [document.id for result in found for document in result.documents] == ["a.txt", "b.txt", "c.txt"]
    (failed,) = [result for result in found if result.outcome is Outcome.FAILED]
    assert "'a.txt' is already used" in failed.reason


def test_links_that_lead_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    secret = write(tmp_path / "outside", secret_dot_txt="Secret.")
    folder = write(tmp_path / "set", a_dot_txt="Words.")
    (folder / "link.txt").symlink_to(secret / "secret.txt")
    (folder / "inside.txt").symlink_to(folder / "a.txt")
    (folder / "folder").symlink_to(secret)
    (folder / "loop").symlink_to(folder)
    found = results(folder)
    texts = [document.text for result in found.values() for document in result.documents]
    assert texts == ["Words.", "Words."]
    assert {o for o, result in found.items() if result.outcome is Outcome.SKIPPED} == {
        "folder",
        "link.txt",
        "loop",
    }


def test_pipes_missing_paths_and_large_files_are_named_and_do_not_stop_the_rest(tmp_path: Path) -> None:
    folder = write(tmp_path / "set", large_dot_txt="x " * 600, small_dot_txt="Words.")
    os.mkfifo(folder / "pipe.txt")
    found = results(tmp_path / "absent", folder, max_file_bytes=1000)
    assert found["absent"].outcome is Outcome.FAILED
    assert found["large.txt"].reason == "The file is over the limit of 0.001 MB; split it."
    assert found["pipe.txt"].reason == "This is not a regular file."
    assert found["small.txt"].outcome is Outcome.READ


def test_invisible_characters_are_kept_and_counted(tmp_path: Path) -> None:
    words = "Trust\u202e me\u200b and \U000e0041this."
    folder = write(tmp_path / "set", a_dot_txt=words, b_dot_txt="\ufeffPlain.")
    found = results(folder)
    assert found["a.txt"].documents[0].text == words
    assert found["a.txt"].warnings == ("The text holds 3 invisible characters; they are kept as they are.",)
    assert found["b.txt"].documents[0].text == "Plain."
    assert found["b.txt"].warnings == ()


def test_constructed_examples_are_switched_off_everywhere(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "set", a_dot_txt="constructed: true\n\nINT: Why?\nP1: So.\n", b_dot_txt="Words."
    )
    assert results(folder)["a.txt"].documents[0].constructed
    found = results(folder, include_constructed=False)
    assert found["a.txt"].outcome is Outcome.SKIPPED
    assert found["b.txt"].outcome is Outcome.READ


def test_a_corpus_folder_is_one_result_with_its_catalogue() -> None:
    (result,) = read_paths([BUNDLED])
    assert result.catalogue
    assert len(result.documents) == len(result.catalogue.findings) + 5
    (without,) = read_paths([BUNDLED], include_constructed=False)
    assert len(without.documents) == len(result.documents) - 5


def test_a_broken_corpus_fails_as_a_whole_and_lists_its_faults(tmp_path: Path) -> None:
    write(tmp_path / "corpus", studies__one__study_dot_yaml="title: x\n", framework_dot_yaml="nonsense: 1\n")
    (result,) = read_paths([tmp_path / "corpus"])
    assert result.outcome is Outcome.FAILED
    assert result.catalogue is None
    assert len(result.reason.splitlines()) > 5


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    folder = write(tmp_path / "set", a_dot_txt="Words.")
    (folder / "a.txt").chmod(0)
    assert "cannot be read" in results(folder)["a.txt"].reason
