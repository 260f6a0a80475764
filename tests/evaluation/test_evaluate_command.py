from __future__ import annotations

import webbrowser
from pathlib import Path

import pytest

from assistant.cli import run
from assistant.evaluation import commands
from assistant.evaluation.commands import Evaluated
from assistant.evaluation.records import read_run
from assistant.evaluation.report import write_reports
from assistant.evaluation.run import Run


class Opened:
    """What the command needs of an assistant that is never asked."""

    ready = True

    def close(self) -> None:
        pass


@pytest.mark.parametrize("wanted", [True, False])
def test_the_page_is_opened_in_the_browser_only_if_that_is_wanted(
    wanted: bool,
    run_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    summary, records = read_run(run_folder)
    reports = write_reports(run_folder)
    done = Evaluated(Run(summary, records, ()), run_folder, reports)
    monkeypatch.setattr(commands, "evaluate_suite", lambda *_, **__: done)
    shown: list[str] = []
    monkeypatch.setattr(webbrowser, "open", shown.append)
    line = ["--data-dir", str(tmp_path), "evaluate", "small", "--out", str(run_folder)]
    code = run([*line, "--open"] if wanted else line, build=lambda _: Opened())  # type: ignore[arg-type,return-value]
    assert code == 0
    assert shown == ([reports[0].absolute().as_uri()] if wanted else [])
    assert f"The page is {reports[0]}." in capsys.readouterr().out
