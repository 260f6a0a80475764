"""The cases that come with the assistant are whole, point to findings that exist, and are our own words."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest
import yaml

from assistant.evaluation.cases import (
    CASE_TYPES,
    Case,
    DialogueCase,
    ParaphraseCase,
    QuestionCase,
    UnanswerableCase,
    VignetteCase,
)
from assistant.evaluation.facts import Facts, read_facts
from assistant.evaluation.loading import load_cases, read_records, refuse_unknown_ids
from assistant.evaluation.suites import load_suite, suite_cases
from assistant.evaluation.support import supports

ROOT = Path(__file__).parents[2]
EVALS = ROOT / "evals"
FILES = sorted(
    path
    for kind in EVALS.iterdir()
    if kind.is_dir()
    for path in kind.glob("*.yaml")
    if kind.name in CASE_TYPES
)


@pytest.fixture(scope="module")
def cases() -> tuple[Case, ...]:
    return load_cases(FILES)


@pytest.fixture(scope="module")
def facts() -> Facts:
    return read_facts(ROOT / "corpus")


def words(case: Case) -> list[str]:
    if isinstance(case, DialogueCase):
        return [case.last, case.standalone]
    if isinstance(case, ParaphraseCase):
        return list(case.questions)
    return [
        str(getattr(case, name)) for name in ("question", "situation", "statement") if hasattr(case, name)
    ]


def test_there_are_enough_of_each_kind(cases: tuple[Case, ...]) -> None:
    count = Counter(type(case) for case in cases)
    assert count[QuestionCase] >= 40
    assert count[UnanswerableCase] >= 25
    assert count[VignetteCase] >= 15
    assert count[DialogueCase] >= 10
    assert count[ParaphraseCase] >= 15
    kinds = Counter(case.kind for case in cases if isinstance(case, UnanswerableCase))
    assert min(kinds[kind] for kind in kinds) >= 2
    assert len(kinds) == 7


def test_every_label_points_to_a_finding(cases: tuple[Case, ...], facts: Facts) -> None:
    refuse_unknown_ids(cases, facts.texts, path=EVALS)


def test_every_question_has_a_finding_that_answers_it_directly(cases: tuple[Case, ...]) -> None:
    for case in cases:
        if isinstance(case, QuestionCase | DialogueCase) or (
            isinstance(case, ParaphraseCase) and case.answerable
        ):
            assert max(case.relevant.values(), default=0) == 2, case.id


def test_every_premise_that_is_false_has_a_finding_against_it(cases: tuple[Case, ...]) -> None:
    for case in cases:
        if isinstance(case, UnanswerableCase) and case.kind == "false-premise":
            assert case.related, case.id


def test_situations_name_mechanisms_and_factors_that_exist(cases: tuple[Case, ...]) -> None:
    mechanisms = {path.stem for path in (ROOT / "corpus" / "mechanisms").glob("*.md")}
    framework = yaml.safe_load((ROOT / "corpus" / "framework.yaml").read_text(encoding="utf-8"))
    factors = {factor["id"] for factor in framework["factors"]}
    vignettes = [case for case in cases if isinstance(case, VignetteCase)]
    for case in vignettes:
        named = {*case.best, *case.acceptable, *(w.mechanism for w in case.wrong)}
        assert named <= mechanisms, case.id
        assert not set(case.best) & {w.mechanism for w in case.wrong}, case.id
        assert set(case.factors) <= factors, case.id
    unwarranted = sum(not case.best for case in vignettes)
    assert unwarranted / len(vignettes) >= 0.15


def test_every_suite_reads_and_finds_its_cases() -> None:
    suites = sorted((EVALS / "suites").glob("*.yaml"))
    assert suites
    for path in suites:
        suite = load_suite(path)
        assert suite.name == path.stem
        assert len(suite_cases(suite, EVALS)) >= suite.fewest_cases


def test_no_two_cases_ask_the_same_words(cases: tuple[Case, ...]) -> None:
    asked = Counter(" ".join(text.lower().split()) for case in cases for text in set(words(case)))
    assert [text for text, count in asked.items() if count > 1] == []


@pytest.mark.skipif("BENCH_FOLDER" not in os.environ, reason="the folder of public sets is not named")
def test_no_case_repeats_the_domain_set_which_is_kept_apart(cases: tuple[Case, ...]) -> None:
    folder = Path(os.environ["BENCH_FOLDER"]) / "domain"
    theirs: set[tuple[str, ...]] = set()
    for name in ("questions", "unanswerable", "vignettes", "dialogues"):
        for _, record in read_records(folder / f"{name}.jsonl"):
            theirs |= five_words(
                str(record.get("question") or record.get("situation") or record["standalone"])
            )
    repeated = {case.id: five_words(text) & theirs for case in cases for text in words(case)}
    assert {case: shared for case, shared in repeated.items() if shared} == {}


def five_words(text: str) -> set[tuple[str, ...]]:
    cut = text.lower().split()
    return {tuple(cut[i : i + 5]) for i in range(len(cut) - 4)}


def test_the_plain_support_check_sees_words_and_numbers_and_says_no_to_others() -> None:
    passage = "Scores rose by 5.6% in Rwandan hospitals."
    assert supports(passage, "Scores rose in hospitals by 5.6% [2].")
    assert not supports(passage, "Scores rose by 5.7% in Rwandan hospitals.")
    assert not supports(passage, "Moonlight heals.")
    assert not supports(passage, "")
