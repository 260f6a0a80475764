"""How it does on the domain set: `python -m assistant.evaluation.domain --bench DIR --data-dir DIR`.

For tuning. It scores a live assistant, or answers stored by `ask --jsonl`; it changes and keeps nothing.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError
from assistant.evaluation.benches.domain import load_domain
from assistant.evaluation.benches.parts import BenchRow, Measured, Parts
from assistant.evaluation.cases import Case, DialogueCase, QuestionCase, UnanswerableCase, VignetteCase
from assistant.evaluation.facts import Facts, read_facts
from assistant.evaluation.loading import read_records
from assistant.evaluation.metrics import FUNCTIONS, abstention, citation, ranking
from assistant.evaluation.metrics.judgements import Context
from assistant.evaluation.observed import Observed, from_json
from assistant.evaluation.run import try_case
from assistant.evaluation.score import Score
from assistant.evaluation.statistics import Interval, summarise
from assistant.evaluation.trial import Subject, Trial

Scored = tuple[str, Score]
"""A cluster and the score of one thing in it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    measure: str
    found: Interval
    left_out: Mapping[str, int]
    """Things without a score, by reason."""
    target: str = ""


def score_domain(trials: Sequence[Trial], facts: Facts) -> tuple[Row, ...]:
    """The table of the set: retrieval, answers, unanswerable questions, situations and dialogues."""
    asked = [t for t in trials if isinstance(t.case, QuestionCase)]
    hopeless = [t for t in trials if isinstance(t.case, UnanswerableCase)]
    dialogues = [t for t in trials if isinstance(t.case, DialogueCase) and (t.ceiling or t.error)]
    vignettes = [
        t for t in trials if isinstance(t.case, VignetteCase) and (t.mechanisms is not None or t.error)
    ]
    return (
        *_retrieval_rows(asked),
        *_answer_rows(asked, facts),
        *_unanswerable_rows(hopeless, facts),
        *_integrity_rows([t for t in trials if t.answer], facts),
        *_dialogue_rows(dialogues),
        *(_vignette_rows(vignettes) if vignettes else ()),
    )


def measure(folder: Path, parts: Parts) -> Measured:
    """The same table as rows among the other benches."""
    if parts.subject is None:
        return Measured("domain", (), ("it needs the whole assistant over its own corpus",))
    subject = parts.subject
    rows = score_domain([try_case(subject, case) for case in load_domain(folder).cases], parts.facts)
    made = (BenchRow("domain", r.measure.strip(), r.found, r.target, r.left_out) for r in rows)
    return Measured("domain", tuple(made))


def _row(measure: str, scored: Iterable[Scored], target: str = "") -> Row:
    values, clusters, left_out = [], [], Counter[str]()
    for cluster, score in scored:
        if score.value is None:
            left_out[score.reason] += 1
        else:
            values.append(score.value)
            clusters.append(cluster)
    return Row(measure, summarise(values, clusters), left_out, target)


def _each(trials: Iterable[Trial], judge: Callable[[Trial], Score]) -> Iterator[Scored]:
    for trial in trials:
        yield trial.case.group, Score.none(f"failed: {trial.error}") if trial.error else judge(trial)


def _answer(trial: Trial) -> Observed:
    assert trial.answer is not None  # noqa: S101 -- rows are given trials that were answered
    return trial.answer


def _gold(trial: Trial) -> Mapping[str, int]:
    return getattr(trial.case, "relevant", {})


def _retrieval_rows(trials: Sequence[Trial]) -> Iterator[Row]:
    searched = [t for t in trials if t.hits is not None or t.error]
    if not searched:
        return
    ndcg = _each(searched, lambda t: ranking.ndcg_at(t.ranked, _gold(t), 10))
    recall = _each(searched, lambda t: ranking.recall_at(t.ranked, _gold(t), 10))
    direct = _each(searched, lambda t: ranking.recall_at(t.ranked, _gold(t), 10, grade=2))
    success = _each(searched, lambda t: ranking.success_at(t.ranked, _gold(t), 5))
    yield _row("questions: nDCG@10", ndcg, ">= 0.62")
    yield _row("questions: recall@10", recall, ">= 0.53")
    yield _row("questions: recall@10 of grade 2", direct)
    yield _row("questions: success@5", success)


def _answer_rows(trials: Sequence[Trial], facts: Facts) -> Iterator[Row]:
    yield _row("questions: false refusals", _each(trials, lambda t: Score.of(_answer(t).refused)), "<= 0.10")
    yield _row("questions: cited findings relevant (of all cited)", _citations(trials), ">= 0.60")
    by_answer = _each(trials, lambda t: citation.citation_relevance(_answer(t), _gold(t)))
    direct = _each(trials, lambda t: citation.cites_direct(_answer(t), _gold(t)))
    sided = _each(trials, lambda t: citation.one_sided(_answer(t), _gold(t), facts.polarity))
    yield _row("questions: cited findings relevant (mean of answers)", by_answer)
    yield _row("questions: cites a grade 2 finding", direct)
    yield _row("questions: one-sided", sided)
    yield _row("questions: findings cited", _each(trials, lambda t: Score.of(len(_answer(t).cited))))


def _citations(trials: Iterable[Trial]) -> Iterator[Scored]:
    for trial in trials:
        for key in trial.answer.cited if trial.answer else ():
            yield trial.case.group, Score.of(_gold(trial).get(key, 0) >= 1)


def _unanswerable_rows(trials: Sequence[Trial], facts: Facts) -> Iterator[Row]:
    handled = {t.case.id: handling(t, facts) for t in trials if t.answer}
    yield _row(
        "unanswerable: handled", _each(trials, lambda t: Score.of(handled[t.case.id].handled)), ">= 0.65"
    )
    yield _row(
        "unanswerable: reason fits", _each(trials, lambda t: Score.of(handled[t.case.id].right_reason))
    )
    yield _row("unanswerable: refused", _each(trials, lambda t: Score.of(_answer(t).refused)))
    for kind in dict.fromkeys(kind_of(t) for t in trials):
        some = [t for t in trials if kind_of(t) == kind]
        yield _row(f"  handled, {kind}", _each(some, lambda t: Score.of(handled[t.case.id].handled)))


def kind_of(trial: Trial) -> str:
    """The kind of question, or an empty string."""
    return str(getattr(trial.case, "kind", ""))


def handling(trial: Trial, facts: Facts) -> abstention.Handling:
    """How an unanswerable question was handled."""
    case = trial.case
    assert isinstance(case, UnanswerableCase)  # noqa: S101 -- callers choose such trials
    return abstention.handle(_answer(trial), kind=case.kind, related=case.related, texts=facts.texts)


def _integrity_rows(trials: Sequence[Trial], facts: Facts) -> Iterator[Row]:
    valid = _each(trials, lambda t: citation.citation_validity(_answer(t), stored=facts.texts))
    receipts = _each(
        trials,
        lambda t: (
            Score.none("receipts were not checked")
            if t.receipt_faults is None
            else Score.of(not t.receipt_faults)
        ),
    )
    yield _row("all: citations valid", valid, "1.00")
    yield _row("all: receipts verify", receipts, "1.00")


def _dialogue_rows(trials: Sequence[Trial]) -> Iterator[Row]:
    if not trials:
        return
    own = _each(trials, lambda t: ranking.recall_at(t.ranked, _gold(t), 10))
    yield _row("dialogues: recall@10, own rewrite", own)
    ndcg = _each(trials, lambda t: ranking.ndcg_at(t.ranked, _gold(t), 10))
    yield _row("dialogues: nDCG@10, own rewrite", ndcg)
    floor = _each(trials, lambda t: ranking.recall_at(t.floor or (), _gold(t), 10))
    yield _row("dialogues: recall@10, last turn alone", floor)
    ceiling = _each(trials, lambda t: ranking.recall_at(t.ceiling or (), _gold(t), 10))
    yield _row("dialogues: recall@10, rewritten by a person", ceiling)
    yield _row("dialogues: recall@10 lost", _each(trials, recall_lost), "<= 0.08")


def recall_lost(trial: Trial) -> Score:
    """How much recall@10 the own rewrite loses against the one by a person; below 0 it gains."""
    ceiling = ranking.recall_at(trial.ceiling or (), _gold(trial), 10)
    own = ranking.recall_at(trial.ranked, _gold(trial), 10)
    if ceiling.value is None or own.value is None:
        return Score.none(ranking.NO_GOLD)
    return Score.of(ceiling.value - own.value)


def _vignette_rows(trials: Sequence[Trial]) -> Iterator[Row]:
    named = {
        "situations: best@1": ("mechanism_top_1", ""),
        "situations: best@3": ("mechanism_top_3", ""),
        "situations: sound@1": ("mechanism_sound_1", ""),
        "situations: clearly wrong in first 3": ("mechanism_wrong_3", "0"),
        "situations: factors noticed": ("factor_recall", ""),
        "situations: factors at the opposite end": ("opposite_level", ""),
        "situations: quadrant right": ("quadrant_right", ""),
    }
    for measure_name, (metric, target) in named.items():
        yield _row(measure_name, _each(trials, _judge(metric)), target)


def _judge(metric: str) -> Callable[[Trial], Score]:
    function: Callable[[Trial, Context], Score] = FUNCTIONS.load(metric)
    return lambda trial: function(trial, Context())


def render(rows: Sequence[Row]) -> str:
    """The table as text for a terminal, with every reason for which something was left out."""
    lines = [f"{'measure':<52} {'value':>6}  {'95 % interval':<16} {'n':>4}  target"]
    for row in rows:
        found = row.found
        value = "-" if found.value is None else f"{found.value:.3f}"
        bounds = "" if found.low is None else f"[{found.low:.3f}, {found.high:.3f}]"
        lines.append(f"{row.measure:<52} {value:>6}  {bounds:<16} {found.n:>4}  {row.target}".rstrip())
        lines += [f"{'':<8}left out {count}: {reason}" for reason, count in sorted(row.left_out.items())]
    return "\n".join(lines)


def stored_trials(cases: Iterable[Case], path: Path) -> tuple[Trial, ...]:
    """Trials from a file of answers, matched by id. A case without an answer is a failed trial."""
    answers = {
        record.get("id"): from_json(record, where=f"{path} line {line}")
        for line, record in read_records(path)
    }
    asked = [c for c in cases if isinstance(c, QuestionCase | UnanswerableCase)]
    return tuple(
        Trial(case=case, answer=answers[case.id])
        if case.id in answers
        else Trial(case=case, error="no answer in the file")
        for case in asked
    )


def trial_json(trial: Trial, facts: Facts) -> dict[str, Any]:
    """One case with what was asked, found and answered, and every broken rule, to read while tuning."""
    gold = _gold(trial)
    data: dict[str, Any] = {"id": trial.case.id, "kind": kind_of(trial), "gold": dict(gold)}
    data["found"] = [[key, gold.get(key, 0)] for key in trial.ranked]
    if trial.error:
        data["error"] = trial.error
    if trial.answer:
        data["cited"] = [[key, gold.get(key, 0)] for key in trial.answer.cited]
        data["citation_faults"] = citation.citation_faults(trial.answer, stored=facts.texts)
        data["answer"] = trial.answer.as_json()
    if isinstance(trial.case, UnanswerableCase) and trial.answer:
        data["acceptable"] = trial.case.acceptable
        data["related"] = list(trial.case.related)
        data["broken_rules"] = list(handling(trial, facts).faults)
    if isinstance(trial.case, VignetteCase) and trial.mechanisms is not None:
        data["mechanisms"] = {"recommended": list(trial.mechanisms[:5]), "best": list(trial.case.best)}
    return data


def _live(data_dir: Path) -> Subject:
    from assistant.assembly import build
    from assistant.settings import load_settings

    subject: Subject = build(load_settings(data_dir=data_dir))
    return subject


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m assistant.evaluation.domain", description=__doc__)
    parser.add_argument(
        "--bench", type=Path, required=True, help="folder with questions.jsonl, qrels.jsonl, ..."
    )
    parser.add_argument("--data-dir", type=Path, help="data folder of the assistant to ask")
    parser.add_argument("--answers", type=Path, help="answers stored as JSON lines, instead of asking")
    parser.add_argument(
        "--corpus", type=Path, default=Path("corpus"), help="folder with studies/*/findings.yaml"
    )
    parser.add_argument(
        "--out", type=Path, help="write each case with its faults to this file, as JSON lines"
    )
    chosen = parser.parse_args(arguments)
    if (chosen.data_dir is None) == (chosen.answers is None):
        parser.error("give one of --data-dir and --answers")
    return chosen


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 0 if it measured, 2 for bad input."""
    chosen = _arguments(arguments)
    try:
        cases = load_domain(chosen.bench).cases
        facts = read_facts(chosen.corpus)
        if chosen.answers:
            trials = stored_trials(cases, chosen.answers)
        else:
            subject = _live(chosen.data_dir)
            trials = tuple(try_case(subject, case) for case in cases)
    except AssistantError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    print(render(score_domain(trials, facts)))
    if chosen.out:
        lines = (json.dumps(trial_json(t, facts), ensure_ascii=False) + "\n" for t in trials)
        chosen.out.write_text("".join(lines), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
