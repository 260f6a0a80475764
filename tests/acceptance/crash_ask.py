"""Kills the real `ingest` at random moments until it gets through; compares real answers with a calm build.

    python -m tests.acceptance.crash_ask --kills 40 --seed 1

Every process is the command line itself, on the bundled corpus and the packaged model.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

QUESTIONS = (
    "Do blueprints get reused?",
    "What helps paired hospitals learn from each other?",
    "What gets in the way of sharing knowledge between hospitals?",
    "Do collaboratives keep their gains?",
    "What makes people post in an online community?",
    "Should we mandate sharing between trusts?",
    "What do peer review visits change?",
    "Is a secondment worth it?",
    "How did regional support centres reach rural providers?",
    "What is meant by twinning in health care?",
    "How do leaders build trust between organisations?",
    "Does competition between hospitals stop sharing?",
    "What did the exemplar programme change?",
    "Why do networks fail to share knowledge?",
    "What do knowledge brokers do?",
    "Which supplier is best?",
    "What is the weather in Leeds?",
    "What share of networks survive five years?",
    "What did the randomised trial of peer review find?",
    "How do we keep lessons when a programme ends?",
)


def main(arguments: Sequence[str]) -> int:
    """Run the loop, print what was seen, and return 1 if one answer differs."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    chance = random.Random(chosen.seed)
    with tempfile.TemporaryDirectory(prefix="crash-ask-") as name:
        calm = Path(name) / "calm"
        started = time.monotonic()
        _command(calm, "ingest", "--json").wait()
        whole = time.monotonic() - started
        expected = _answers(calm)
        killed, libraries, equal = 0, 0, 0
        while killed < chosen.kills:
            libraries += 1
            folder = Path(name) / f"disturbed-{libraries}"
            while killed < chosen.kills and not _ingested(folder, chance.uniform(0.2, whole)):
                killed += 1
            if not _ingested(folder, None):
                print(f"seed {chosen.seed}: library {libraries} could not be finished after {killed} kills")
                return 1
            equal += _answers(folder) == expected
    print(
        f"seed {chosen.seed}: {killed} kills, {equal} of {libraries} libraries "
        f"give the same {len(expected)} answers as a calm build"
    )
    return 0 if equal == libraries else 1


def _ingested(folder: Path, seconds: float | None) -> bool:
    """True if an ingest ended well within `seconds`; else it is killed without warning."""
    child = _command(folder, "ingest", "--json")
    try:
        return child.wait(timeout=seconds) == 0
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
        return False


def _command(folder: Path, *words: str) -> subprocess.Popen[bytes]:
    line = [sys.executable, "-m", "assistant", "--data-dir", str(folder), *words]
    return subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _answers(folder: Path) -> list[str]:
    """Statements, citations and state of every answer as bytes would be printed; no times."""
    lines = "".join(json.dumps({"id": str(n), "question": q}) + "\n" for n, q in enumerate(QUESTIONS))
    done = subprocess.run(
        [sys.executable, "-m", "assistant", "--data-dir", str(folder), "ask", "--jsonl", "-"],
        input=lines,
        capture_output=True,
        text=True,
        check=True,
    )
    kept = ("id", "state", "reason", "lead", "statements", "gaps", "follow_ups", "evidence")
    return [json.dumps({key: json.loads(line)[key] for key in kept}) for line in done.stdout.splitlines()]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
