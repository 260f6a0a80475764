"""One assistant on one data folder: reading in, the same answer twice, sources, receipts."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.domain.answers import Answer, State
from assistant.domain.conversation import Turn
from assistant.domain.documents import BlockKind
from assistant.domain.events import EvidenceFound, Finished, Searching, StatementVerified
from assistant.engine import Assistant
from assistant.errors import InputError, NotReadyError
from assistant.index.embeddings import Embedder
from assistant.wire import answer_json
from tests.libraries import PAIRING, open_assistant

Open = Callable[..., Assistant]


@pytest.fixture
def opened(packaged_embedder: Embedder) -> Iterator[Open]:
    """Opens assistants and closes them all in the end."""
    every: list[Assistant] = []

    def open_one(folder: Path, **settings: Any) -> Assistant:
        every.append(open_assistant(folder, packaged_embedder, **settings))
        return every[-1]

    yield open_one
    for assistant in every:
        assistant.close()


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """A folder of two notes, as an evaluator or a team might have it."""
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "visits.md").write_text("# Visits\n\nSite visits helped the ward teams.\n", encoding="utf-8")
    (folder / "calls.txt").write_text("Calls every second week kept the pairs in touch.\n", encoding="utf-8")
    return folder


def told(answer: Answer) -> str:
    """What readers and scripts get, without what may differ: times, and the receipt that holds one."""
    said = answer_json(answer)
    receipt = {k: v for k, v in said.pop("receipt").items() if k not in ("made_at", "seal")}
    return json.dumps({**said, "timings_ms": None, "receipt": receipt}, ensure_ascii=False)


def ids(assistant: Assistant) -> list[str]:
    return [passage.id for passage in assistant.library.iter_passages()]


def test_reading_the_same_in_twice_changes_nothing(opened: Open, data_dir: Path, small_corpus: Path) -> None:
    assistant = opened(data_dir)
    before, state = ids(assistant), assistant.library.corpus_hash(fresh=True)
    report = assistant.ingest([small_corpus])
    assert report.new_passages == 0
    assert report.total_passages == len(before)
    assert {item.outcome for item in report.items} == {"unchanged"}
    assert ids(assistant) == before
    assert assistant.library.corpus_hash(fresh=True) == state


def test_one_reading_leaves_the_caches_sound(opened: Open, data_dir: Path) -> None:
    assistant = opened(data_dir)
    assert assistant.workings.index.faults == ()
    assert not assistant.workings.index.degraded


def test_a_file_that_is_gone_takes_its_passages_along(opened: Open, tmp_path: Path, notes: Path) -> None:
    assistant = opened(tmp_path / "data")
    assert assistant.ingest([notes]).count("added") == 2
    (notes / "calls.txt").unlink()
    report = assistant.ingest([notes])
    assert [item.origin for item in report.items if item.outcome == "removed"] == ["calls.txt"]
    assert {passage.document_id for passage in assistant.library.iter_passages()} == {"visits.md"}
    assert {found.passage.document_id for found in assistant.search("calls every second week")} == {
        "visits.md"
    }
    assert assistant.workings.index.faults == ()


def test_a_file_that_cannot_be_read_removes_nothing(opened: Open, tmp_path: Path, notes: Path) -> None:
    assistant = opened(tmp_path / "data")
    assistant.ingest([notes])
    before = ids(assistant)
    (notes / "calls.txt").unlink()
    (notes / "visits.md").write_bytes(b"\x00\x01\xfe\xff" * 50)
    report = assistant.ingest([notes])
    failed = [item for item in report.items if item.outcome == "failed"]
    assert [item.origin for item in failed] == ["visits.md"]
    assert failed[0].reason
    assert report.count("removed") == 0
    assert ids(assistant) == before


def test_a_folder_that_is_gone_removes_nothing(opened: Open, tmp_path: Path, notes: Path) -> None:
    assistant = opened(tmp_path / "data")
    assistant.ingest([notes])
    shutil.rmtree(notes)
    assert assistant.ingest([notes]).count("failed") == 1
    assert len(ids(assistant)) == 2


def test_one_collection_never_removes_from_another(
    opened: Open, data_dir: Path, notes: Path, small_corpus: Path
) -> None:
    assistant = opened(data_dir)
    corpus = ids(assistant)
    assistant.ingest([notes])
    (notes / "visits.md").unlink()
    assistant.ingest([notes])
    assert set(corpus) < set(ids(assistant))
    assert assistant.ingest([small_corpus]).count("removed") == 0
    assert "calls.txt" in {p.document_id for p in assistant.library.iter_passages()}


def test_a_corpus_with_a_fault_fails_whole_and_names_the_place(
    opened: Open, data_dir: Path, small_corpus: Path, tmp_path: Path
) -> None:
    broken = Path(shutil.copytree(small_corpus, tmp_path / "broken"))
    (broken / "studies" / "hinder-2021" / "findings.yaml").write_text("findings: 7\n", encoding="utf-8")
    assistant = opened(data_dir)
    before = ids(assistant)
    report = assistant.ingest([broken])
    assert [item.outcome for item in report.items] == ["failed"]
    assert "studies/hinder-2021/findings.yaml" in report.items[0].reason
    assert ids(assistant) == before


def test_a_finding_that_was_mended_is_answered_from_as_it_is_now(
    opened: Open, data_dir: Path, small_corpus: Path, tmp_path: Path
) -> None:
    corpus = Path(shutil.copytree(small_corpus, tmp_path / "corpus"))
    assistant = opened(data_dir)
    assistant.ingest([corpus])
    before = assistant.answer(PAIRING)
    path = corpus / "studies" / "hinder-2021" / "findings.yaml"
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    for finding in data["findings"]:
        finding["statement"] = finding["statement"].rstrip(".") + ", as seen in the pairs."
    path.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    report = assistant.ingest([corpus])
    assert report.count("updated") == len(data["findings"])
    after = assistant.answer(PAIRING)
    cited = [c.quote for s in after.statements for c in s.citations if c.study_id == "hinder-2021"]
    assert cited
    assert all(quote.endswith(", as seen in the pairs.") for quote in cited)
    assert not assistant.verify(before.receipt.body).holds
    assert assistant.verify(after.receipt.body).holds


def test_the_events_end_with_the_answer_and_show_each_statement_in_order(small: Assistant) -> None:
    events = list(small.ask(PAIRING, id="q7"))
    assert isinstance(events[0], Searching)
    assert isinstance(events[1], EvidenceFound)
    assert isinstance(events[-1], Finished)
    shown = [event for event in events if isinstance(event, StatementVerified)]
    answer = events[-1].answer
    assert [event.index for event in shown] == list(range(len(answer.statements)))
    assert tuple(event.statement for event in shown) == answer.statements
    assert events[1].evidence == answer.evidence
    assert answer.id == "q7"
    assert answer.state is not State.REFUSED


def test_the_same_question_twice_gives_the_same_bytes(small: Assistant, packaged_embedder: Embedder) -> None:
    questions = (
        PAIRING,
        "What should a blueprint contain?",
        "How many pairs were there?",
        "Why is the sky blue?",
    )
    first = [told(small.answer(question)) for question in questions]
    assert [told(small.answer(question)) for question in reversed(questions)] == first[::-1]


def test_another_assistant_on_the_same_folder_gives_the_same_bytes(
    opened: Open, small: Assistant, data_dir: Path
) -> None:
    assert told(opened(data_dir).answer(PAIRING)) == told(small.answer(PAIRING))


def test_a_fresh_ingest_of_the_same_corpus_gives_the_same_bytes(
    opened: Open, small: Assistant, small_corpus: Path, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(small_corpus, tmp_path / "elsewhere"))
    assistant = opened(tmp_path / "data")
    assistant.ingest([copy])
    assert told(assistant.answer(PAIRING)) == told(small.answer(PAIRING))


def test_a_receipt_holds_after_the_folder_is_closed_and_opened_again(
    opened: Open, small: Assistant, data_dir: Path
) -> None:
    answer = small.answer(PAIRING)
    saved = json.loads(json.dumps(answer_json(answer)))
    check = opened(data_dir).verify(saved["receipt"], answer=saved)
    assert check.holds
    assert check.faults == ()
    assert check.notes == ()
    shown = {found.passage.id for found in answer.evidence} | answer.cited_in_advice
    assert check.passages_checked == len(shown)


def test_a_receipt_holds_with_a_note_when_the_corpus_has_grown(
    opened: Open, data_dir: Path, notes: Path
) -> None:
    assistant = opened(data_dir)
    answer = assistant.answer(PAIRING)
    assistant.ingest([notes])
    check = assistant.verify(answer.receipt.body)
    assert check.holds
    assert check.notes == (
        "The corpus has changed since this answer was made; the passages it used are checked above.",
    )


def test_a_second_process_answers_but_does_not_write(opened: Open, data_dir: Path, notes: Path) -> None:
    owner = opened(data_dir)
    assert owner.library.writable
    script = (
        "import json, sys\n"
        "from pathlib import Path\n"
        "from assistant.assembly import build\n"
        "from assistant.errors import AssistantError\n"
        "from assistant.settings import load_settings\n"
        "assistant = build(load_settings(data_dir=Path(sys.argv[1])))\n"
        "try:\n"
        "    assistant.ingest([Path(sys.argv[2])])\n"
        "    refused = ''\n"
        "except AssistantError as error:\n"
        "    refused = str(error)\n"
        "answer = assistant.answer(sys.argv[3])\n"
        "lock = [c.cure for c in assistant.doctor() if c.name == 'lock' and c.level != 'ok']\n"
        "texts = [s.text for s in answer.statements]\n"
        "print(json.dumps([assistant.library.writable, refused, lock, texts]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(data_dir), str(notes), PAIRING],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    writable, refused, lock, texts = json.loads(done.stdout.splitlines()[-1])
    assert writable is False
    assert refused
    assert lock
    assert texts == [s.text for s in owner.answer(PAIRING).statements]
    assert owner.library.writable


def test_a_finding_opens_with_its_study_and_the_findings_beside_it(small: Assistant) -> None:
    catalogue = small.workings.catalogue
    siblings = [f for f in catalogue.findings.values() if f.study_id == "hinder-2021"]
    here = siblings[3]
    source = small.source(f"{here.id}:0-{len(here.statement)}")
    assert source.finding == here
    assert source.study is not None
    assert source.study.id == "hinder-2021"
    assert source.passage.text == here.statement
    assert [p.record_id for p in source.before] == [f.id for f in siblings[1:3]]
    assert [p.record_id for p in source.after] == [f.id for f in siblings[4:6]]


def test_the_first_and_last_finding_of_a_study_have_neighbours_on_one_side(small: Assistant) -> None:
    siblings = [f for f in small.workings.catalogue.findings.values() if f.study_id == "hinder-2021"]
    first, last = (small.source(f"{f.id}:0-{len(f.statement)}") for f in (siblings[0], siblings[-1]))
    assert (first.before, len(first.after)) == ((), 2)
    assert (len(last.before), last.after) == (2, ())


def test_a_turn_opens_among_the_turns_around_it(small: Assistant) -> None:
    turns = [p for p in small.library.iter_passages() if p.kind is BlockKind.TURN]
    document = turns[0].document_id
    own = sorted((p for p in turns if p.document_id == document), key=lambda p: p.ordinal)
    source = small.source(own[2].id)
    assert source.finding is None
    assert [p.ordinal for p in (*source.before, source.passage, *source.after)] == [
        p.ordinal for p in own[max(0, own[2].ordinal - 2) : own[2].ordinal + 3]
    ]


def test_an_unknown_passage_is_an_error_with_a_cure(small: Assistant) -> None:
    with pytest.raises(InputError, match="There is no passage of that id"):
        small.source("hinder-2021-f99:0-10")


@pytest.mark.parametrize("empty", ["", "  ", "\n\t"])
def test_an_empty_question_is_refused_before_anything_is_loaded(small: Assistant, empty: str) -> None:
    with pytest.raises(InputError, match="There is no question"):
        small.answer(empty)
    with pytest.raises(InputError, match="There is no question"):
        small.search(empty)


def test_nothing_read_in_is_an_error_that_names_the_cure(opened: Open, tmp_path: Path) -> None:
    assistant = opened(tmp_path / "data")
    assert not assistant.ready
    with pytest.raises(NotReadyError, match="assistant ingest"):
        assistant.answer(PAIRING)


def test_an_empty_folder_reads_in_as_nothing(opened: Open, tmp_path: Path) -> None:
    assistant = opened(tmp_path / "data")
    (tmp_path / "nothing").mkdir()
    report = assistant.ingest([tmp_path / "nothing"])
    assert (report.items, report.total_passages) == ((), 0)
    assert not assistant.ready


def test_search_gives_as_many_as_asked_for_best_first(small: Assistant) -> None:
    found = small.search("blueprints", k=5)
    assert [e.rank for e in found] == [1, 2, 3, 4, 5]
    assert [e.score for e in found] == sorted((e.score for e in found), reverse=True)
    assert small.search("blueprints", k=3) == found[:3]
    assert small.search("blueprints", k=0) == ()


def test_a_follow_up_is_answered_with_what_was_said_before(small: Assistant) -> None:
    turns = [
        Turn("user", "What should a blueprint contain so that people use it?"),
        Turn("assistant", "A contact."),
    ]
    answer = small.answer("What gets in the way of it?", turns=turns)
    assert answer.question == "What gets in the way of it?"
    assert "blueprint" in answer.standalone.lower()
    assert any(e.passage.study_id == "williams-2021" for e in answer.evidence[:3])


def test_invented_interviews_are_never_evidence(small: Assistant) -> None:
    stored = [p for p in small.library.iter_passages() if p.constructed]
    assert stored
    for passage in stored[:5]:
        found = small.search(passage.text, k=100)
        assert not [e for e in found if e.passage.constructed]
        answer = small.answer(f"Is it true that {passage.text.rstrip('.')}?")
        assert not answer.cited & {p.id for p in stored}


def test_invented_interviews_can_be_switched_off(opened: Open, small_corpus: Path, data_dir: Path) -> None:
    assistant = opened(data_dir, constructed_examples=False)
    report = assistant.ingest([small_corpus])
    assert report.count("removed") > 0
    assert not [p for p in assistant.library.iter_passages() if p.constructed]
    assistant.close()
    again = opened(data_dir)
    assert again.ingest([small_corpus]).count("added") == report.count("removed")
    assert [p for p in again.library.iter_passages() if p.constructed]


def test_the_status_loads_nothing(opened: Open, data_dir: Path, small: Assistant) -> None:
    assert small.status() | {"passages": 0} == {
        "index": "ready",
        "passages": 0,
        "model": small.embedder.model_id,
        "degraded": small.workings.index.degraded,
    }
    fresh = opened(data_dir)
    assert fresh.status()["index"] == "ready"
    assert fresh.status()["degraded"] is None


def test_starters_are_offered_for_coded_evidence_only(
    opened: Open, small: Assistant, tmp_path: Path, notes: Path
) -> None:
    assert PAIRING in small.starters()["Programme manager"]
    assistant = opened(tmp_path / "data")
    assistant.ingest([notes])
    assert assistant.starters() == {}


def test_a_receipt_with_a_number_no_store_can_hold_is_a_fault_and_no_crash(small: Assistant) -> None:
    body = json.loads(json.dumps(small.answer(PAIRING).receipt.body))
    body["passages"][0]["passage_id"] = 2**80
    assert small.verify(body).faults
