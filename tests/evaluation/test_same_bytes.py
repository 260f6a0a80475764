"""Two runs of the command, in two processes with different hash seeds, leave the same bytes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TIMES = {"timings.json", "timings.jsonl"}
CASES = {
    "questions": """
- {id: s1, kind: how, question: "Do blueprints get reused?", relevant: {williams-2021-f02: 2}}
- {id: s2, kind: how, question: "What helps a pair of hospitals learn?", relevant: {hinder-2021-f01: 2}}
- {id: s3, kind: how, question: "Who is for blueprints and who against?", relevant: {williams-2021-f01: 2}}
""",
    "unanswerable": """
- {id: s4, kind: out-of-domain, question: "Which van is best for deliveries?", acceptable: "Says no."}
- {id: s5, kind: near-miss, question: "Do dentists pair up their practices?", related: [hinder-2021-f01]}
""",
    "vignettes": """
- {id: s6, situation: "Two hospitals on the same record system want to learn from each other for years.",
   best: [institutional-twinning]}
""",
    "dialogues": """
- id: s7
  turns:
    - {role: user, text: "Did pairs of hospitals gain?"}
    - {role: assistant, text: "Both sides did."}
    - {role: user, text: "And what of their blueprints?"}
  standalone: What of the blueprints of pairs of hospitals?
  relevant: {williams-2021-f02: 2}
""",
    "paraphrases": """
- {id: s8, questions: ["Are blueprints used?", "does anyone use them"], relevant: {williams-2021-f02: 2}}
""",
    "claims": """
- {id: s9, evidence: "Visits helped 5 teams.", statement: "Visits helped 6 teams.", supported: false}
""",
}


def suite_file(folder: Path) -> Path:
    """A suite over every kind of case, with the metrics and the seed of the bundled one."""
    for kind, text in CASES.items():
        (folder / kind).mkdir(parents=True)
        (folder / kind / "own.yaml").write_text(text, encoding="utf-8")
    bundled = (ROOT / "evals/suites/bundled.yaml").read_text(encoding="utf-8")
    bare = re.sub(r"^gates:\n(?:  .*\n)+", "", bundled, flags=re.MULTILINE)
    path = folder / "suites" / "small.yaml"
    path.parent.mkdir()
    path.write_text(bare.replace("practitioners", "own").replace("name: bundled", "name: small"))
    return path


def evaluated(data_dir: Path, suite: Path, out: Path, *, hash_seed: str) -> dict[str, bytes]:
    """Every file that the command leaves, times taken out of the page."""
    line = [sys.executable, "-m", "assistant", "--data-dir", data_dir, "evaluate", suite, "--out", out]
    done = subprocess.run(
        list(map(str, line)),
        env={**os.environ, "PYTHONHASHSEED": hash_seed, "OMP_NUM_THREADS": "1"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = {path.name: path.read_bytes() for path in sorted(out.iterdir()) if path.name not in TIMES}
    page = found["report.html"].decode("utf-8")
    assert page.count("<h2>Time taken</h2>") == 1
    found["report.html"] = re.sub(r"<h2>Time taken</h2>.*?</table></div>", "", page, flags=re.DOTALL).encode()
    return found


@pytest.mark.slow
def test_two_runs_of_the_command_leave_the_same_bytes(tmp_path: Path, data_dir: Path) -> None:
    suite = suite_file(tmp_path / "evals")
    first = evaluated(data_dir, suite, tmp_path / "one", hash_seed="1")
    again = evaluated(data_dir, suite, tmp_path / "two", hash_seed="4711")
    assert set(first) == {
        "cases.csv", "junit.xml", "records.jsonl", "report.html", "report.md", "summary.json",
    }  # fmt: skip
    assert [name for name in first if first[name] != again[name]] == []
    assert b'"failed": []' in first["summary.json"]
