from __future__ import annotations

from pathlib import Path

import pytest

from assistant.evaluation.facts import Facts
from assistant.evaluation.metrics.judgements import Context
from assistant.evaluation.run import evaluate, write_run
from assistant.evaluation.suites import load_suite
from tests.evaluation.subjects import WordOverlap

TEXTS = {
    "visits-f01": "Visits between hospitals were supportive.",
    "visits-f02": "Plans made after visits were hard to carry out.",
    "groups-f01": "Online groups of nurses are often quiet.",
    "groups-f02": "Active moderation helps online groups.",
}
POLARITY = {
    "visits-f01": "supports",
    "visits-f02": "cautions",
    "groups-f01": "cautions",
    "groups-f02": "supports",
}

QUESTIONS = """
- {id: q1, kind: fact, question: "were visits supportive", relevant: {visits-f01: 2, visits-f02: 1}}
- {id: q2, kind: how, question: "what helps online groups", relevant: {groups-f02: 2, groups-f01: 1}}
- {id: q3, kind: how, question: "zebra <script>alert(1)</script>", relevant: {groups-f02: 2}}
"""
UNANSWERABLE = """
- {id: u1, kind: out-of-domain, question: "penguin", acceptable: "Says that it cannot help."}
- {id: u2, kind: near-miss, question: "robots in hospitals", related: [visits-f01]}
"""
DIALOGUES = """
- id: d1
  turns:
    - {role: user, text: "tell me of visits"}
    - {role: assistant, text: "They help."}
    - {role: user, text: "and plans"}
  standalone: "were plans made after visits carried out"
  relevant: {visits-f02: 2}
"""
PARAPHRASES = """
- {id: p1, questions: ["online groups", "groups of nurses online"], relevant: {groups-f01: 2}}
"""
VIGNETTES = """
- {id: v1, situation: "We are quiet.", best: [mentoring]}
"""
SUITE = """
name: small
title: A small suite
description: For tests.
cases: ["*/*.yaml"]
metrics: [recall@10, ndcg@10, citation_validity, citation_recall, one_sided, false_refusal,
  unanswerable_handled, recall_lost, standalone_token_f1, paraphrase_same_decision, mechanism_top_1,
  receipt_holds]
primary: ndcg@10
gates:
  - {metric: citation_validity, at_least: 1.0}
  - {metric: ndcg@10, at_least: 0.2, may_fall: 0.01}
  - {metric: recall@10, may_fall: 0.02}
fewest_cases: 3
"""


@pytest.fixture
def evals(tmp_path: Path) -> Path:
    """A folder of cases with one suite, `small`."""
    folder = tmp_path / "evals"
    for kind, text in (
        ("questions", QUESTIONS),
        ("unanswerable", UNANSWERABLE),
        ("dialogues", DIALOGUES),
        ("paraphrases", PARAPHRASES),
        ("vignettes", VIGNETTES),
    ):
        (folder / kind).mkdir(parents=True)
        (folder / kind / "own.yaml").write_text(text, encoding="utf-8")
    (folder / "suites").mkdir()
    (tmp_path / "small.yaml").write_text(SUITE, encoding="utf-8")
    return folder


@pytest.fixture
def facts() -> Facts:
    return Facts(TEXTS, POLARITY)


@pytest.fixture
def subject() -> WordOverlap:
    return WordOverlap(TEXTS)


@pytest.fixture
def run_folder(tmp_path: Path, evals: Path, facts: Facts, subject: WordOverlap) -> Path:
    """A finished run on disk."""
    suite = load_suite(tmp_path / "small.yaml")
    folder = tmp_path / "run"
    write_run(evaluate(suite, subject, evals=evals, context=Context(facts=facts)), folder)
    return folder
