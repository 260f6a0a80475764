"""Counts against an independent reading of the corpus files: no code of the assistant takes part in it."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from typing import Any

import pytest
import yaml

from assistant.domain.advice import ReachQuery
from assistant.domain.framework import Catalogue
from assistant.framework.counting import asks_what_is_studied, reach_query
from assistant.framework.reach import count, counted
from tests.framework.conftest import CORPUS

Row = dict[str, Any]


def read_files() -> list[tuple[Row, Row]]:
    """Findings with their studies, straight from the files, that may be counted."""
    rows = []
    for home in sorted((CORPUS / "studies").iterdir()):
        if not (home / "study.yaml").exists() or not (home / "findings.yaml").exists():
            continue
        study = yaml.safe_load((home / "study.yaml").read_text(encoding="utf-8"))
        study["id"] = home.name
        data = yaml.safe_load((home / "findings.yaml").read_text(encoding="utf-8"))
        if study["status"] in ("constructed", "results-not-seen") or study["domain"] != "knowledge-sharing":
            continue
        for finding in data["findings"] if isinstance(data, dict) else data:
            if finding.get("kind") != "inference" and finding["subject"] != "out-of-domain":
                rows.append((finding, study))
    return rows


def links(finding: Row, key: str) -> set[str]:
    first = finding.get("coding") or finding
    second = finding.get("second_coding") or {}
    return {*(first.get(key) or ()), *(second.get(key) or ())}


def levels(finding: Row) -> set[str]:
    first, second = finding.get("coding") or finding, finding.get("second_coding") or {}
    return {first.get("level"), second.get("level")} - {None}


def polarity(finding: Row) -> str:
    return str((finding.get("coding") or finding)["polarity"])


def independent(query: ReachQuery, rows: list[tuple[Row, Row]]) -> tuple[set[str], set[str], set[str]]:
    kept = [
        (finding, study)
        for finding, study in rows
        if (not query.mechanism or query.mechanism in links(finding, "mechanisms"))
        and (not query.factor or query.factor in links(finding, "factors"))
        and (not query.level or query.level in levels(finding))
        and (not query.polarity or polarity(finding) == query.polarity)
        and (
            not query.place
            or re.search(rf"\b{query.place}\b", f"{study.get('setting')} {study.get('sample')}", re.I)
        )
    ]
    return ({f["id"] for f, _ in kept}, {s["id"] for _, s in kept}, {s["evidence_group"] for _, s in kept})


def generated(catalogue: Catalogue) -> list[tuple[str, ReachQuery]]:
    """200 counting questions with what they ask for."""
    draw = random.Random(20260301)
    framework = catalogue.framework
    assert framework is not None
    wordings = [
        ("say that {} helps", "supports"),
        ("warn against {}", "cautions"),
        ("are mixed on {}", "mixed"),
        ("are about {}", None),
    ]
    questions = []
    for _ in range(200):
        words, sort = draw.choice(wordings)
        place = draw.choice([None, None, "England", "United States", "Australia"])
        where = f" in {place}" if place else ""
        if draw.random() < 0.6:
            mechanism = draw.choice(list(catalogue.mechanisms.values()))
            query = ReachQuery(mechanism=mechanism.id, polarity=sort, place=place)
            name = mechanism.name
        else:
            factor = draw.choice(framework.factors)
            query, name = ReachQuery(factor=factor.id, polarity=sort, place=place), factor.name
        questions.append((f"How many studies{where} {words.format(name.lower())}?", query))
    return questions


def test_200_generated_questions_are_understood_and_counted_exactly(catalogue: Catalogue) -> None:
    rows = read_files()
    assert len(rows) > 200
    for question, wanted in generated(catalogue):
        query = reach_query(question, catalogue)
        assert query is not None, question
        assert replace(query, beyond=()) == wanted, question
        reach = count(query, catalogue)
        findings, studies, groups = independent(wanted, rows)
        assert (set(reach.findings), set(reach.studies), set(reach.groups)) == (findings, studies, groups)
        assert sum(reach.by_polarity.values()) == len(findings)
        assert sum(reach.places.values()) == len(studies)


def test_levels_are_counted_exactly(catalogue: Catalogue) -> None:
    rows = read_files()
    for level in ("macro", "interorganizational", "organizational", "individual"):
        reach = count(ReachQuery(level=level), catalogue)
        assert set(reach.findings) == independent(ReachQuery(level=level), rows)[0]
        assert 0 < reach.firm <= len(reach.findings)


def test_negative_cases_are_the_cautions_and_the_mixed(catalogue: Catalogue) -> None:
    reach = count(ReachQuery(mechanism="blueprint"), catalogue)
    assert len(reach.negative) == reach.by_polarity["cautions"] + reach.by_polarity["mixed"] > 0


def test_another_domain_and_unread_results_never_count(catalogue: Catalogue) -> None:
    reach = count(ReachQuery(), catalogue)
    assert "ghorayeb-2026" not in reach.studies
    assert "ghorayeb-2026" not in reach.unread
    assert not set(reach.unread) & set(reach.studies)
    assert "russell-2014" in reach.unread


def test_constructed_studies_never_count_even_if_they_slip_in(catalogue: Catalogue) -> None:
    invented = replace(catalogue.studies["hinder-2021"], status="constructed")
    slipped = replace(catalogue, studies={**catalogue.studies, "hinder-2021": invented})
    assert "hinder-2021" in {f.study_id for f in counted(catalogue)}
    assert "hinder-2021" not in {f.study_id for f in counted(slipped)}


def test_participants_are_given_only_where_recorded_and_once_a_group(catalogue: Catalogue) -> None:
    query = ReachQuery(mechanism="informal-peer-network")
    assert count(query, catalogue).participants is None
    told = count(query, catalogue, participants={"gde-evaluation": 100, "no-such-group": 7})
    assert (told.participants, told.groups_with_participants) == (100, 1)


@pytest.mark.parametrize(
    "question",
    [
        "Are blueprints worth the effort?",
        "How many people were interviewed for the 2026 study?",
        "How many studies show that patients like portals?",
        "How many studies from the US say virtual wards save money?",
        "How many visits do we need?",
        "How much of my week would a national peer review visit eat up?",
        "",
    ],
)
def test_what_the_coding_does_not_hold_is_not_counted(question: str, catalogue: Catalogue) -> None:
    assert reach_query(question, catalogue) is None


def test_asking_who_disagrees_is_asking_for_the_dissent(catalogue: Catalogue) -> None:
    query = reach_query("Who disagrees about peer review?", catalogue)
    assert query is not None
    assert query.dissent
    assert (query.mechanism, query.polarity) == ("peer-review", None)


def test_words_the_count_does_not_cover_are_named(catalogue: Catalogue) -> None:
    query = reach_query("How many studies say blueprints halve costs?", catalogue)
    assert query is not None
    assert query.beyond == ("halve", "costs")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Which of these ways of sharing has the strongest evidence?", True),
        ("Of all the methods you list, which has the most solid research behind it?", True),
        ("I want to back what is best proven. Which way of working would that be?", True),
        ("Which mechanism is studied least?", False),
        ("Where is the evidence thinnest?", False),
        ("What is the best evidence on twinning?", None),
        ("What is the best way to share knowledge?", None),
        ("Which way of working has the best track record in rural areas?", None),
        ("Which suppliers have the best data?", None),
        ("Which kind of study is best?", None),
        ("Which approach works best for small hospitals?", None),
    ],
)
def test_a_question_which_way_is_studied_best_or_least_is_told_from_others(
    question: str, expected: bool | None, catalogue: Catalogue
) -> None:
    assert asks_what_is_studied(question, catalogue) is expected
