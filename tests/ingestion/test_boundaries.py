from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from assistant.domain.framework import Boundary, Catalogue
from assistant.errors import CorpusError
from assistant.ingestion.boundaries import KINDS, load_boundaries
from assistant.ingestion.corpus import load_corpus

CORPUS = Path(__file__).parents[2] / "corpus"
FINDINGS = ("lee-2020-f01", "lee-2020-f02")
GOOD = """\
boundaries:
  - id: what-it-costs
    kind: gap
    says: No study held here measured what it costs.
    instead: You can ask how much effort it takes.
    related: [lee-2020-f01]
    asked_as:
      - What does it cost?
      - 'Price per site: any figure?'
  - id: cooking
    kind: out_of_domain
    says: This assistant holds nothing about cooking.
    instead: Use a recipe site.
    asked_as:
      - How do I make
        a lasagne?
"""


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    return load_corpus(CORPUS).catalogue


def load(folder: Path, text: str) -> tuple[Boundary, ...]:
    path = folder / "boundaries.yaml"
    path.write_text(text, encoding="utf-8")
    return load_boundaries(path, FINDINGS)


def faults_of(folder: Path, text: str) -> tuple[str, ...]:
    with pytest.raises(CorpusError) as caught:
        load(folder, text)
    return caught.value.faults


def plain(question: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", question.casefold()))


def test_boundaries_come_in_the_order_of_the_file_with_everything_that_was_written(tmp_path: Path) -> None:
    assert load(tmp_path, GOOD) == (
        Boundary(
            id="what-it-costs",
            kind="gap",
            says="No study held here measured what it costs.",
            instead="You can ask how much effort it takes.",
            related=("lee-2020-f01",),
            asked_as=("What does it cost?", "Price per site: any figure?"),
        ),
        Boundary(
            id="cooking",
            kind="out_of_domain",
            says="This assistant holds nothing about cooking.",
            instead="Use a recipe site.",
            asked_as=("How do I make a lasagne?",),
        ),
    )


def test_no_file_means_no_boundaries(tmp_path: Path) -> None:
    assert load_boundaries(tmp_path / "boundaries.yaml", FINDINGS) == ()


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("lee-2020-f01", "lee-2020-f10", "line 6: no finding called 'lee-2020-f10'; did you mean"),
        ("kind: gap", "kind: hole", "line 3: 'kind' cannot be 'hole'; use gap or"),
        ("id: cooking", "id: what-it-costs", "line 10: the id 'what-it-costs' is used twice"),
        ("id: cooking", "id: Hot Food", "line 10: the id 'Hot Food' should be small letters"),
        ("instead: Use a recipe site.", "instaed: Use one.", "'instaed'; did you mean 'instead'?"),
        ("costs.\n    instead", "costs\n    instead", "line 4: 'says' is shown as a sentence"),
        (
            "    says: This assistant holds nothing about cooking.\n",
            "",
            "line 10: 'says' is missing or empty",
        ),
        ("'Price per site: any figure?'", "Price per site: any figure?", "line 9: each item of 'asked_as'"),
        ("How do I make\n        a lasagne?", "WHAT does it cost?", "also stands under 'what-it-costs'"),
        ("kind: gap", "kind: out_of_domain", "line 6: only a gap has related findings"),
        ("boundaries:", "boundary:", "a boundaries file has no key 'boundary'; did you mean 'boundaries'?"),
    ],
)
def test_a_fault_is_reported_with_its_line_and_its_cure(
    tmp_path: Path, before: str, after: str, fault: str
) -> None:
    assert before in GOOD
    faults = faults_of(tmp_path, GOOD.replace(before, after, 1))
    assert any(line.startswith("boundaries.yaml line ") and fault in line for line in faults), faults


def test_a_boundary_without_example_questions_is_a_fault(tmp_path: Path) -> None:
    bare = GOOD[: GOOD.index("    asked_as:\n      - How do I make")]
    assert faults_of(tmp_path, bare) == (
        "boundaries.yaml line 10: no example question tells when this is meant; list some under 'asked_as'",
    )


def test_all_faults_are_reported_at_once(tmp_path: Path) -> None:
    broken = GOOD.replace("kind: gap", "kind: hole").replace("id: cooking", "id: Hot Food")
    assert len(faults_of(tmp_path, broken)) == 3  # a hole is no gap, so its related finding is a fault too


def test_bytes_that_are_not_text_are_refused_with_the_name_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "boundaries.yaml"
    path.write_bytes(b"boundaries:\n  - id: caf\xe9\n")
    with pytest.raises(CorpusError, match=r"^boundaries\.yaml: The file is not UTF-8 \(line 2\)"):
        load_boundaries(path, FINDINGS)


def test_the_corpus_hands_its_boundaries_on_in_the_catalogue(shipped: Catalogue) -> None:
    assert shipped.boundaries == load_boundaries(CORPUS / "boundaries.yaml", shipped.findings)


def test_a_fault_in_the_boundaries_stops_the_corpus_from_loading(tmp_path: Path) -> None:
    (tmp_path / "framework.yaml").write_bytes((CORPUS / "framework.yaml").read_bytes())
    (tmp_path / "boundaries.yaml").write_text(GOOD.replace("kind: gap", "kind: hole"), encoding="utf-8")
    with pytest.raises(CorpusError) as caught:
        load_corpus(tmp_path)
    assert any(fault.startswith("boundaries.yaml line 3: 'kind'") for fault in caught.value.faults)


def test_every_kind_of_boundary_is_shipped_with_many_examples(shipped: Catalogue) -> None:
    counts = Counter(boundary.kind for boundary in shipped.boundaries)
    assert counts["gap"] >= 40
    assert counts["out_of_domain"] >= 20
    assert counts["personal_or_legal"] >= 10
    assert set(counts) == set(KINDS)
    assert [boundary.id for boundary in shipped.boundaries if len(boundary.asked_as) < 7] == []


def test_no_shipped_example_is_also_a_question_that_a_finding_answers(shipped: Catalogue) -> None:
    answered = {plain(question) for finding in shipped.findings.values() for question in finding.asked_as}
    examples = {plain(question) for boundary in shipped.boundaries for question in boundary.asked_as}
    assert len(answered) > 1000
    assert examples & answered == set()


def test_what_the_reader_is_told_is_one_sentence_without_a_citation(shipped: Catalogue) -> None:
    for boundary in shipped.boundaries:
        for sentence in (boundary.says, boundary.instead):
            assert sentence[0].isupper(), sentence
            assert re.search(r"[.!?] +[A-Z]", sentence) is None, sentence
            assert re.search(r"\[|\(\d|\b[a-z]+-\d{4}\b", sentence) is None, sentence
            assert len(sentence.split()) <= 35, sentence


def test_related_findings_come_from_studies_whose_results_were_seen(shipped: Catalogue) -> None:
    unseen = [
        (boundary.id, finding)
        for boundary in shipped.boundaries
        for finding in boundary.related
        if not shipped.study_of(finding).results_seen
    ]
    assert unseen == []


def test_someone_in_a_crisis_is_pointed_to_urgent_help(shipped: Catalogue) -> None:
    crisis = next(boundary for boundary in shipped.boundaries if boundary.id == "crisis-and-distress")
    assert crisis.kind == "personal_or_legal"
    assert {"999", "116 123", "111"} <= set(re.findall(r"999|116 123|111", crisis.instead))
