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
from dataclasses import dataclass
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


@dataclass(slots=True)
class Tally:
    """What was seen. `passages` are those of the calm build."""

    passages: int = 0
    kills: int = 0
    libraries: int = 0
    equal: int = 0
    lost: int = 0
    doubled: int = 0

    @property
    def clean(self) -> bool:
        """True if nothing was lost or doubled and every library answers like the calm build."""
        return self.equal == self.libraries and not self.lost and not self.doubled

    def __str__(self) -> str:
        return (
            f"{self.kills} kills, {self.equal} of {self.libraries} libraries give the same "
            f"{len(QUESTIONS)} answers as a calm build; of {self.passages} passages {self.lost} lost, "
            f"{self.doubled} doubled"
        )


def main(arguments: Sequence[str]) -> int:
    """Run the loop, print what was seen, and return 1 if one answer differs."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=600, help="begin no new kill after so long")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="crash-ask-") as name:
        tally = _loop(Path(name), chosen)
    print(f"seed {chosen.seed}: {tally}")
    return 0 if tally.clean else 1


def _loop(work: Path, chosen: argparse.Namespace) -> Tally:
    """Kill, look up, finish and ask, library after library, until there were kills enough."""
    chance = random.Random(chosen.seed)
    started = time.monotonic()
    _ingested(work / "calm", None)
    whole = time.monotonic() - started
    expected, stored = _answers(work / "calm"), _stored(work / "calm")
    tally = Tally(passages=stored.total())
    last = time.monotonic() + 60 * chosen.minutes

    def going_on() -> bool:
        return bool(tally.kills < chosen.kills and time.monotonic() < last)

    while going_on():
        tally.libraries += 1
        folder = work / f"disturbed-{tally.libraries}"
        seen: Counter[str] = Counter()
        finished = False
        while going_on() and not finished:
            # Less than the whole time: what was done stays done, so every part of the work is met.
            finished = _ingested(folder, chance.uniform(0.2, 0.6 * whole))
            tally.kills += not finished
            # What a kill left behind was committed: it may never vanish, come twice, or be other words.
            now = _stored(folder)
            tally.lost += (seen - now).total()
            tally.doubled += (now - stored).total()
            seen = now
        _ingested(folder, None)
        tally.lost += (stored - _stored(folder)).total()
        tally.equal += _answers(folder) == expected
        print(f"... {tally}", file=sys.stderr, flush=True)
    return tally


def _ingested(folder: Path, seconds: float | None) -> bool:
    """True if an ingest ended within `seconds`; else it is killed. It may not fail by itself."""
    child = _command(folder, "ingest", "--json")
    try:
        code = child.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
        return False
    if code:
        sys.exit(f"An ingest failed by itself with code {code}.")
    return True


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
