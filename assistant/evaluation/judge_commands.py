"""What the command line offers of a judge: made from a name, calibrated first, then let loose on a run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.evaluation.benches import table
from assistant.evaluation.benches.parts import Measured
from assistant.evaluation.judge import Judge, VerdictCache
from assistant.evaluation.judge_pairs import judge_pairs, preferred_json, preferred_text
from assistant.evaluation.judge_trust import (
    Calibration,
    Progress,
    calibrate,
    judge_run,
    judged_json,
    judged_text,
)
from assistant.evaluation.records import Json, dumps, read_run
from assistant.language.models import make_chat_model
from assistant.language.prompts import load_prompt


@dataclass(frozen=True, slots=True)
class JudgedRun:
    """What a judge said of a run, in both forms; the same lies beside the run as judge.json and judge.md."""

    text: str
    as_json: Json


def make_judge(model: str, *, base_url: str, api_key: str, prompts: Path, cache: Path) -> Judge:
    """The judge `provider:name`, with the bundled prompts and its verdicts kept in `cache`.

    Makes no connection yet. Raises SettingsError for a name or an address that cannot be used.
    """
    return Judge(
        make_chat_model(model, base_url, api_key),
        support=load_prompt(prompts / "judge_support.md"),
        prefer=load_prompt(prompts / "judge_prefer.md"),
        cache=VerdictCache(cache),
    )


def judge_suite_run(
    judge: Judge,
    run: Path,
    *,
    bench: Path | None,
    tell: Callable[[str], None],
    progress: Progress | None = None,
) -> JudgedRun:
    """Calibrate the judge, `tell` the table, judge the run, and write judge.json and judge.md beside it.

    Raises NotReadyError, after the table was told, if the judge did not earn its place: no score is made.
    """
    summary, records = read_run(run)
    calibrations = calibrate(judge, bench, progress=progress)
    shown = table(_measured(calibrations))
    tell(shown)
    found = judge_run(judge, records, calibrations, run=summary["run"]["fingerprint"], progress=progress)
    text = f"{shown}\n{judged_text(found)}"
    plain = judged_json(found)
    (run / "judge.json").write_text(dumps(plain, indent=1) + "\n", encoding="utf-8", newline="\n")
    (run / "judge.md").write_text(text, encoding="utf-8", newline="\n")
    return JudgedRun(text, plain)


def judge_two_runs(
    judge: Judge,
    before: Path,
    after: Path,
    *,
    bench: Path | None,
    tell: Callable[[str], None],
    progress: Progress | None = None,
) -> JudgedRun:
    """Calibrate the judge, `tell` the table, let it choose between two runs; writes judge-pairs.json, .md.

    Raises NotReadyError, after the table was told, if the judge did not earn its place: no choice is told.
    """
    earlier, later = read_run(before)[1], read_run(after)[1]
    calibrations = calibrate(judge, bench, progress=progress)
    shown = table(_measured(calibrations))
    tell(shown)
    found = judge_pairs(judge, earlier, later, calibrations, progress=progress)
    text, plain = f"{shown}\n{preferred_text(found)}", preferred_json(found)
    (after / "judge-pairs.json").write_text(dumps(plain, indent=1) + "\n", encoding="utf-8", newline="\n")
    (after / "judge-pairs.md").write_text(text, encoding="utf-8", newline="\n")
    return JudgedRun(text, plain)


def _measured(calibrations: Sequence[Calibration]) -> list[Measured]:
    return [Measured(c.bench, c.rows, (c.skipped,) if c.skipped else ()) for c in calibrations]
