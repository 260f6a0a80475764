import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from assistant import __version__
from assistant.cli import run
from assistant.domain.answers import Answer
from assistant.domain.reports import Check, IngestItem, IngestReport, ReceiptCheck
from assistant.errors import AssistantError, ModelFileError, NotReadyError, OwnershipError, StorageError
from assistant.settings import Settings
from assistant.wire import answer_json, hits_json
from tests.web.fakes import FakeAssistant

ROOT = Path(__file__).resolve().parent.parent
QUESTION = "Is this worth our time?"


class FakeLibrary(FakeAssistant):
    """The engine as the command line uses it, with a library that is a set of paths."""

    def __init__(self, *, ready: bool = True, checks: tuple[Check, ...] = ()) -> None:
        super().__init__(ready=ready)
        self.checks = checks
        self.read: list[Path] = []
        self.closed = False

    def ingest(
        self, paths: Sequence[Path], *, progress: Callable[[str, int, int], None] | None = None
    ) -> IngestReport:
        self.read.extend(paths)
        items = []
        for number, path in enumerate(paths, start=1):
            if progress:
                progress("reading", number, len(paths))
            bad = path.name.startswith("bad")
            items.append(IngestItem(str(path), "failed" if bad else "added", 1, "Not UTF-8." if bad else ""))
        self.ready = True
        return IngestReport(tuple(items), len(items), len(items), 0.5)

    def verify(
        self, receipt: Mapping[str, object], *, answer: Mapping[str, object] | None = None
    ) -> ReceiptCheck:
        faults = () if receipt.get("version") == 1 else ("The receipt has no version.",)
        changed = answer is not None and answer["question"] != receipt.get("question")
        return ReceiptCheck((*faults, *(["The question changed."] if changed else [])), 5)

    def doctor(self) -> tuple[Check, ...]:
        return self.checks

    def close(self) -> None:
        self.closed = True


class Shell:
    """Runs commands against one fake library, and keeps what was printed."""

    def __init__(self, capsys: pytest.CaptureFixture[str], data_dir: Path) -> None:
        self.library = FakeLibrary()
        self.settings: Settings | None = None
        self.failing: AssistantError | None = None
        self._capsys = capsys
        self._data_dir = data_dir

    def build(self, settings: Settings) -> FakeLibrary:
        self.settings = settings
        if self.failing:
            raise self.failing
        return self.library

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        code = run(["--data-dir", str(self._data_dir), *arguments], build=self.build)  # type: ignore[arg-type]
        told = self._capsys.readouterr()
        return code, told.out, told.err


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Shell:
    return Shell(capsys, tmp_path / "data")


def lines_of(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def expected(answer: Answer) -> dict[str, object]:
    told: dict[str, object] = json.loads(json.dumps(answer_json(answer)))
    return told


def test_ask_prints_the_answer_and_closes_the_library(shell: Shell) -> None:
    code, out, err = shell("ask", QUESTION)
    assert (code, err) == (0, "")
    assert QUESTION in out
    assert "Reported by a study" in out
    assert shell.library.closed
    assert shell.settings
    assert shell.settings.data_dir.name == "data"


def test_ask_json_prints_one_object_of_the_contract(shell: Shell) -> None:
    code, out, _ = shell("ask", QUESTION, "--json")
    assert code == 0
    assert json.loads(out) == expected(FakeLibrary().answer(QUESTION))


def test_a_refusal_is_an_answer_and_leaves_with_0(shell: Shell) -> None:
    code, out, _ = shell("ask", "out_of_domain", "--json")
    assert (code, json.loads(out)["state"]) == (0, "refused")


def test_search_prints_as_many_hits_as_were_asked_for(shell: Shell) -> None:
    code, out, _ = shell("search", QUESTION, "--k", "3", "--json")
    assert code == 0
    assert json.loads(out) == hits_json(None, FakeLibrary().search(QUESTION, k=3))
    code, out, _ = shell("search", QUESTION, "--k", "2")
    assert (code, out.count("river-f0")) == (0, 4)


def test_a_batch_of_questions_gives_one_line_each_in_order(shell: Shell, tmp_path: Path) -> None:
    turns = [{"role": "user", "text": "First"}, {"role": "assistant", "text": "Reply"}]
    given = [
        {"id": "b", "question": "Two?"},
        {"id": "a", "question": "One?", "turns": turns},
        {"question": "Three?"},
    ]
    file = tmp_path / "questions.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in given))
    code, out, err = shell("ask", "--jsonl", str(file))
    assert (code, err) == (0, "")
    assert lines_of(out) == [
        expected(FakeLibrary().answer(str(g["question"]), id=g.get("id"))) for g in given
    ]
    assert [(question, len(turns)) for question, turns in shell.library.asked] == [
        ("Two?", 0),
        ("One?", 2),
        ("Three?", 0),
    ]


def test_a_bad_line_keeps_its_place_and_the_batch_leaves_with_2(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = b'{"id": 1, "query": "One?"}\n{oops\n{"id": 3, "question": "Three?"}\n'
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
    code, out, _ = shell("search", "--jsonl", "-", "--k", "1")
    first, bad, last = lines_of(out)
    assert code == 2
    assert (first["id"], bad["id"], last["id"]) == (1, None, 3)
    assert first["hits"] == last["hits"]
    assert bad["error"] == {
        "sentence": "Line 2 is not JSON in UTF-8.",
        "hint": 'Write one object a line: {"id": "1", "question": "..."}.',
    }


def test_a_question_that_breaks_something_does_not_end_the_batch(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text('{"id": "1", "question": "One?"}\n{"id": "2", "question": "Two?"}\n')
    shell.library.fail_with = KeyError("inside")
    code, out, err = shell("ask", "--jsonl", str(file))
    assert code == 1
    assert [line["id"] for line in lines_of(out)] == ["1", "2"]
    assert "KeyError" in str(lines_of(out)[0]["error"])
    assert "Traceback" in err


def test_an_empty_library_is_filled_with_the_bundled_corpus_on_first_use(shell: Shell) -> None:
    shell.library.ready = False
    assert shell("ask", QUESTION)[0] == 0
    assert [path.name for path in shell.library.read] == ["corpus"]
    shell("ask", QUESTION)
    assert len(shell.library.read) == 1


def test_an_ingest_reads_what_it_is_given_and_nothing_else(shell: Shell, tmp_path: Path) -> None:
    shell.library.ready = False
    note = tmp_path / "note.md"
    note.write_text("Words.")
    code, out, _ = shell("ingest", str(note), "--json")
    assert (code, shell.library.read) == (0, [note])
    assert json.loads(out)["counts"]["added"] == 1


def test_an_ingest_without_a_path_reads_the_bundled_corpus(shell: Shell) -> None:
    assert shell("ingest")[0] == 0
    assert [path.name for path in shell.library.read] == ["corpus"]


def test_an_ingest_with_a_failed_file_names_it_and_leaves_with_1(shell: Shell, tmp_path: Path) -> None:
    bad = tmp_path / "bad.md"
    bad.write_bytes(b"\xff")
    code, out, _ = shell("ingest", str(bad))
    assert code == 1
    assert "bad.md: Not UTF-8." in " ".join(out.split())


def test_a_path_that_is_not_there_is_refused_before_anything_is_opened(shell: Shell, tmp_path: Path) -> None:
    code, _, err = shell("ingest", str(tmp_path / "gone"))
    assert (code, shell.settings) == (2, None)
    assert "There is no file or folder" in err


def test_verify_leaves_with_0_if_a_receipt_holds_and_with_1_if_not(shell: Shell, tmp_path: Path) -> None:
    _, out, _ = shell("ask", QUESTION, "--json")
    file = tmp_path / "answer.json"
    file.write_text(out)
    assert shell("verify", str(file))[0] == 0
    answer = json.loads(out)
    file.write_text(json.dumps({**answer, "question": "Another?"}))
    code, out, _ = shell("verify", str(file), "--json")
    assert (code, json.loads(out)["faults"]) == (1, ["The question changed."])
    file.write_text("{}")
    code, out, _ = shell("verify", str(file))
    assert code == 1
    assert "The receipt has no version." in out


def test_doctor_leaves_with_1_for_a_fault_and_names_its_cure(shell: Shell) -> None:
    shell.library.checks = (Check("lock", "ok", "Free."), Check("disk", "warning", "Little room."))
    assert shell("doctor")[0] == 0
    shell.library.checks = (Check("index", "fault", "A file is damaged.", "Run 'assistant ingest'."),)
    code, out, _ = shell("doctor")
    assert code == 1
    assert "A file is damaged." in out
    assert "Run 'assistant ingest'." in out


def test_doctor_reports_a_library_that_cannot_be_opened_instead_of_failing(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.failing = ModelFileError("A model file is not the pinned one.", hint="Install the program again.")
    code, out, err = shell("doctor", "--json")
    assert (code, err) == (1, "")
    assert json.loads(out)["checks"][0]["cure"] == "Install the program again."
    monkeypatch.setenv("ASSISTANT_WEB__PROT", "1")
    code, out, _ = shell("doctor", "--json")
    assert (code, json.loads(out)["checks"][0]["name"]) == (1, "settings")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (NotReadyError("Nothing is indexed yet.", hint="Run 'assistant ingest'."), 3),
        (OwnershipError("Another process owns the library.", hint="Close it."), 4),
        (StorageError("The disk is full.", hint="Make room."), 5),
    ],
)
def test_each_kind_of_error_has_its_exit_code_and_prints_a_sentence_and_a_hint(
    error: AssistantError, code: int, shell: Shell
) -> None:
    shell.failing = error
    left, out, err = shell("ask", QUESTION)
    assert (left, out, err) == (code, "", f"{error.sentence}\n{error.hint}\n")
    left, out, err = shell("ask", QUESTION, "--json")
    assert (left, json.loads(out)["error"]["sentence"]) == (code, error.sentence)
    assert error.sentence in err


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask"],
        ["ask", "  "],
        ["ask", "a", "--jsonl", "b"],
        ["ask", "a\udcff"],
        ["ask", "--jsonl", "/nowhere/questions.jsonl"],
        ["search", "a", "--k", "0"],
        ["search", "a", "--k", "many"],
        ["verify", "/nowhere/receipt.json"],
        ["akk", "a"],
        ["ask", "a", "--jason"],
    ],
)
def test_arguments_that_cannot_be_used_leave_with_2_and_say_why(arguments: list[str], shell: Shell) -> None:
    code, out, err = shell(*arguments)
    assert (code, out) == (2, "")
    assert err.strip()
    assert "Traceback" not in err


def test_something_unforeseen_is_reported_in_a_sentence_and_leaves_with_1(shell: Shell) -> None:
    shell.library.fail_with = KeyError("inside")
    code, out, err = shell("ask", QUESTION, "--json")
    assert code == 1
    assert json.loads(out)["error"]["sentence"] == "Something broke inside the assistant (KeyError)."
    assert "Traceback" in err


def test_version_and_help_need_no_library(shell: Shell) -> None:
    assert shell("--version") == (0, f"assistant {__version__}\n", "")
    code, out, _ = shell("--help")
    assert code == 0
    for command in ("ask", "search", "ingest", "verify", "serve", "doctor"):
        assert f"\n  {command} " in out
        assert shell(command, "--help")[0] == 0
    assert shell()[0] == 2
    assert shell.settings is None


def test_help_loads_no_heavy_library() -> None:
    program = (
        "import sys; from assistant.cli import run; code = run(['--help']);"
        "heavy = set('torch chromadb gradio langchain_core fastapi sentence_transformers numpy'.split());"
        "print(code, sorted(heavy & {name.split('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert done.stderr.strip() == "0 []"


BATCH = (
    "import sys; from assistant.cli import run; from tests.test_cli import FakeLibrary;"
    "sys.exit(run(sys.argv[1:], build=lambda settings: FakeLibrary()))"
)


@pytest.fixture
def talking() -> Iterator[subprocess.Popen[bytes]]:
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", BATCH, "ask", "--jsonl", "-"]
    process = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe)
    yield process
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream:
            stream.close()


def test_each_reply_is_printed_before_the_next_question_is_read(talking: subprocess.Popen[bytes]) -> None:
    assert talking.stdin
    assert talking.stdout
    for id in ("1", "2"):
        talking.stdin.write(json.dumps({"id": id, "question": "Same?"}).encode() + b"\n")
        talking.stdin.flush()
        assert json.loads(talking.stdout.readline())["id"] == id


def test_a_reader_that_goes_away_ends_the_batch_quietly(talking: subprocess.Popen[bytes]) -> None:
    assert talking.stdin
    assert talking.stdout
    assert talking.stderr
    talking.stdout.close()
    talking.stdin.write(b'{"question": "Same?"}\n' * 3)
    talking.stdin.close()
    assert talking.stderr.read() == b""
    assert talking.wait() == 141


def test_an_interruption_ends_the_batch_quietly(talking: subprocess.Popen[bytes]) -> None:
    assert talking.stdin
    assert talking.stdout
    assert talking.stderr
    talking.stdin.write(b'{"question": "Same?"}\n')
    talking.stdin.flush()
    talking.stdout.readline()
    os.kill(talking.pid, signal.SIGINT)
    assert talking.wait() == 130
    assert talking.stderr.read() == b""
