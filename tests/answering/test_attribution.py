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
        plural = words in ("case studies", "expert round tables", "expert recommendations")
        mass = words in ("action research", "programme monitoring") or words.startswith(("interviews", "obs"))
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
        ("evaluation of a platform: usage, surveys, case study", "an evaluation"),
        ("mixed methods (questionnaire, interviews)", "a mixed-methods study"),
        ("qualitative interviews", "an interview study"),
        ("qualitative; interviews, observation", "a qualitative study"),
        ("case study of one ward", "a case study"),
        ("four case studies", "case studies"),
        ("survey of nurses with interviews", "a survey with interviews"),
        ("cross-sectional survey", "a survey"),
        ("meta-analysis of randomised controlled trials", "a review of randomised trials"),
        ("commentary", "a commentary"),
        ("something nobody has done before", "a study"),
        ("", "a study"),
        (None, "a study"),
    ],
)
def test_a_design_is_put_in_words_that_a_manager_knows(design: str | None, words: str) -> None:
    assert kind_of_study(study("a", study_design=design)) == words


LICENCE = {
    "account": ("account",),
    "advice": ("recommendation",),
    "benchmark": ("benchmark",),
    "body": ("association", "body"),
    "built": ("builders", "model development"),
    "constructed": ("invented",),
    "description": ("descriptive account",),
    "evaluation": ("evaluation",),
    "expert": ("expert", "delphi"),
    "example": ("invented",),
    "methods": ("methodolog", "methods"),
    "mixed-methods": ("mixed methods", "mixed-methods"),
    "model": ("model",),
    "modelling": ("model",),
    "news": ("trade-press",),
    "panel": ("delphi", "panel"),
    "people": ("builders",),
    "provider": ("provider",),
    "randomised": ("randomised", "randomized"),
    "rapid": ("rapid",),
    "statement": ("statement",),
    "statistical": ("regression", "panel data", "cross-sectional", "quantitative", "enrolment"),
    "studies": ("studies", "multiple case study", "meta-synthesis", "integrati", "integrated"),
    "trial": ("controlled trial",),
    "trials": ("controlled trials",),
}
"""What must be in the record for a word to be said of it; any other word must stand there itself."""
GENERAL = frozenset(
    "a an and by from not of peer people report review reviewed study that the who with it".split()
)
PROMISED = (
    ("mixed.methods", "mixed-methods"),
    (r"participatory (?!action)", "participatory"),
    ("longitudinal qualitative study", "longitudinal"),
    ("systematic (literature )?review(?! of randomi)", "systematic review"),
    ("scoping review", "scoping review"),
    ("realist (review|evaluation)", "realist"),
    ("randomised controlled trial", "randomised trial"),
    ("ethnograph", "ethnographic"),
    ("^(programme )?case study", "a case study"),
    ("comparison by", "comparison"),
)
"""What a record says of its design that must not be lost."""


def faults(words: str, design: str) -> list[str]:
    """What is wrong with calling a recorded design so; empty if nothing is."""
    record = design.lower()
    said = re.findall(r"[a-z]+(?:-[a-z]+)?", words)
    unheld = [w for w in said if w not in GENERAL and not any(h in record for h in LICENCE.get(w, (w[:9],)))]
    found = [f"“{word}” is not in the record" for word in unheld]
    heads = re.split(r"[;:(]", record)[0]
    found += [f"“{must}” is lost" for when, must in PROMISED if re.search(when, heads) and must not in words]
    if "interview study" in words and not re.fullmatch(r"(qualitative |semi-structured )*interviews?", heads):
        found.append("interviews were not the only method")
    if words == "a survey" and re.search("interview|mixed|regression|model|case stud|evaluation", record):
        found.append("it was more than a survey, or something else")
    if words == "case studies" and not re.search("case studies|multiple case", heads):
        found.append("there was one case, or case studies are not the design")
    if "national" in said and "national" not in heads:
        found.append("it is not recorded as national")
    if words == "a case study" and re.search("case studies|multiple case", record):
        found.append("there were several cases")
    return found


def test_no_study_is_called_something_that_its_record_does_not_say(real: Catalogue) -> None:
    wrong = {
        each.id: (kind_of_study(each), each.study_design, found)
        for each in real.studies.values()
        if (found := faults(kind_of_study(each), each.study_design or ""))
    }
    assert wrong == {}


@pytest.mark.parametrize(
    ("words", "design"),
    [
        ("an interview study", "participatory qualitative evaluation (researcher-in-residence)"),
        ("a qualitative evaluation", "participatory qualitative evaluation (researcher-in-residence)"),
        ("an interview study", "prospective longitudinal qualitative study; a theory of change"),
        ("an interview study", "observation and interviews"),
        ("an interview study", "interviews and focus groups"),
        ("case studies", "case study of one ward"),
        ("case studies", "programme case study with comparison by chosen topic"),
        ("a case study", "programme case study with comparison by chosen topic"),
        ("a case study", "three qualitative case studies"),
        ("case studies", "platform evaluation: usage, surveys, case study"),
        ("a survey", "mixed methods (questionnaire, interviews, focus groups)"),
        ("a survey", "regression on national survey"),
        ("a national evaluation", "formative qualitative evaluation; interviews"),
        ("a randomised trial", "controlled before-and-after study"),
        ("a systematic review", "scoping review"),
        ("a study", "systematic review"),
    ],
)
def test_a_design_called_by_the_wrong_name_is_found_out(words: str, design: str) -> None:
    assert faults(words, design)


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


def test_what_we_infer_is_never_credited_to_the_study() -> None:
    ours = finding("a-f01", "A visit is likely to pay.", kind="inference")
    words = attributed(ours, study("a", study_design="systematic review"))
    assert words == "A visit is likely to pay (our inference from a systematic review, England, 2019)."


def test_every_inference_of_the_corpus_says_that_it_is_ours_and_nothing_else_does(real: Catalogue) -> None:
    said = {
        f.id for f in real.findings.values() if "(our inference from " in attributed(f, real.study_of(f.id))
    }
    assert said == {f.id for f in real.findings.values() if f.kind == "inference"} != set()


def test_speech_is_quoted_after_its_speaker_and_prose_after_its_title() -> None:
    spoken, _ = turn("talk", "We phoned them.")
    assert quoted(spoken, "We phoned them.") == "P07 said: “We phoned them.”"
    prose, _ = turn("note", "They phoned.", speaker=None, title="Notes from May")
    assert quoted(prose, "They phoned.") == "Notes from May: “They phoned.”"
    bare = passage_of(finding("a-f01", "They phoned."))
    assert quoted(bare, "They phoned.") == "“They phoned.”"
