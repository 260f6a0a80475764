"""Every study of the bundled corpus is named in plain words: what kind of study, where and when."""

from __future__ import annotations

import re

import pytest

from assistant.answering.attribution import attributed, kind_of_study, label, place_of, quoted
from assistant.domain.framework import Catalogue
from assistant.ingestion.corpus import load_corpus
from tests.libraries import BUNDLED
from tests.made_up import finding, passage_of, study, turn


@pytest.fixture(scope="module")
def real() -> Catalogue:
    return load_corpus(BUNDLED).catalogue


def test_every_study_of_the_corpus_gets_words_with_an_article_or_in_the_plural(real: Catalogue) -> None:
    assert len(real.studies) == 80
    for each in real.studies.values():
        words = kind_of_study(each)
        plural = words in ("case studies", "expert round tables")
        mass = words in ("action research", "advice from researchers")
        assert plural or mass or re.match(r"an? [a-z]", words), (each.id, words)
        assert not re.match(r"a [aeio]|an [^aeiou]", words), (each.id, words)


def test_no_label_has_an_empty_part_or_a_place_that_is_none(real: Catalogue) -> None:
    for each in real.studies.values():
        parts = label(each).split(", ")
        assert all(part.strip() == part != "" for part in parts), (each.id, parts)
        place = place_of(each)
        assert place == "" or place == "several countries" or place[0].isupper(), (each.id, place)
        assert not set(place) & set("();,"), (each.id, place)
        if each.year:
            assert parts[-1] == str(each.year)


def test_every_finding_is_shown_in_its_stored_words_with_one_full_stop(real: Catalogue) -> None:
    for each in real.findings.values():
        shown = attributed(each, real.studies[each.study_id])
        words = each.statement.rstrip().rstrip(".?!")
        assert shown.startswith(words + " ("), each.id
        assert re.search(r"[^.?!]\)[.?!]$", shown), each.id
        assert "()" not in shown
        assert ", )" not in shown


@pytest.mark.parametrize(
    ("design", "words"),
    [
        ("systematic review and thematic analysis", "a systematic review"),
        ("Systematic review of randomised controlled trials", "a review of randomised trials"),
        ("feasibility study within a randomised controlled trial", "a feasibility study"),
        ("Randomized controlled trial", "a randomised trial"),
        ("scoping review with interviews", "a scoping review"),
        ("ethnography of one group", "an ethnographic study"),
        ("trade-press report", "a news report"),
        ("commercial benchmarking programme", "a commercial benchmark, not peer reviewed"),
        ("", "a study"),
        (None, "a study"),
    ],
)
def test_a_design_is_put_in_words_that_a_manager_knows(design: str | None, words: str) -> None:
    assert kind_of_study(study("a", study_design=design)) == words


def test_what_was_not_peer_reviewed_and_has_no_design_is_no_study() -> None:
    assert kind_of_study(study("a", study_design=None, peer_reviewed=False)) == "a report"


@pytest.mark.parametrize(
    ("setting", "place"),
    [
        ("England, NHS hospitals", "England"),
        ("Western Isles (three sites)", "Western Isles"),
        ("international; all care settings", "several countries"),
        ("adults with chest pain, international", "several countries"),
        ("business and health sectors", ""),
        ("United Kingdom partners of overseas hospitals", "United Kingdom"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_place_is_a_country_or_nothing(setting: str | None, place: str) -> None:
    assert place_of(study("a", setting=setting)) == place


def test_a_label_leaves_out_what_is_unknown() -> None:
    assert label(study("a", setting=None, year=None)) == "an interview study"
    assert label(study("a", year=2020)) == "an interview study, England, 2020"


def test_a_question_keeps_its_mark() -> None:
    asked = finding("a-f01", "Who gains most?")
    assert attributed(asked, study("a", setting=None, year=None)) == "Who gains most (an interview study)?"


def test_speech_is_quoted_after_its_speaker_and_prose_after_its_title() -> None:
    spoken, _ = turn("talk", "We phoned them.")
    assert quoted(spoken, "We phoned them.") == "P07 said: “We phoned them.”"
    prose, _ = turn("note", "They phoned.", speaker=None, title="Notes from May")
    assert quoted(prose, "They phoned.") == "Notes from May: “They phoned.”"
    bare = passage_of(finding("a-f01", "They phoned."))
    assert quoted(bare, "They phoned.") == "“They phoned.”"
