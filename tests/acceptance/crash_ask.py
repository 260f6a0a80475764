"""Kills the real `ingest` at random moments until it gets through; compares real answers with a calm build.

    python -m tests.acceptance.crash_ask --kills 40 --seed 1

Every process is the command line itself, on the bundled corpus and the packaged model.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
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
    parser.add_argument("--libraries", type=int, default=10_000, help="stop after so many finished libraries")
    chosen = parser.parse_args(arguments)
    chance = random.Random(chosen.seed)
    with tempfile.TemporaryDirectory(prefix="crash-ask-") as name:
        calm = Path(name) / "calm"
        started = time.monotonic()
        _command(calm, "ingest", "--json").wait()
        whole = time.monotonic() - started
        expected, stored = _answers(calm), _stored(calm)
        killed, libraries, equal, lost, doubled = 0, 0, 0, 0, 0
        while killed < chosen.kills and libraries < chosen.libraries:
            libraries += 1
            folder = Path(name) / f"disturbed-{libraries}"
            seen: Counter[str] = Counter()
            while killed < chosen.kills and not _ingested(folder, chance.uniform(0.2, whole)):
                killed += 1
                # What a kill left behind was committed: it may never vanish, come twice, or be other words.
                now = _stored(folder)
                lost += (seen - now).total()
                doubled += (now - stored).total()
                seen = now
            if not _ingested(folder, None):
                print(f"seed {chosen.seed}: library {libraries} could not be finished after {killed} kills")
                return 1
            now = _stored(folder)
            lost, doubled = lost + (stored - now).total(), doubled + (now - stored).total()
            equal += _answers(folder) == expected
            _say(f"{killed} kills, library {libraries}: {equal} equal, {lost} lost, {doubled} doubled")
    print(
        f"seed {chosen.seed}: {killed} kills, {equal} of {libraries} libraries give the same "
        f"{len(expected)} answers as a calm build; {lost} of {stored.total()} passages lost, {doubled} twice"
    )
    return 0 if equal == libraries and not lost and not doubled else 1


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


def _stored(folder: Path) -> Counter[str]:
    """How often each passage is there, by id, place and words; none where nothing was committed yet."""
    file = folder / "library.sqlite3"
    if not file.is_file():
        return Counter()
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        try:
            rows = connection.execute("SELECT id, sha256, text FROM passages").fetchall()
        except sqlite3.OperationalError:
            return Counter()
    return Counter("\x1f".join(row) for row in rows)


def _say(text: str) -> None:
    print(f"... {text}", file=sys.stderr, flush=True)


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
