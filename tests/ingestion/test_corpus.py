"""The bundled corpus is whole and honest, and a broken one is answered with file, line and cure."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path
from time import perf_counter

import pytest

from assistant.domain.documents import BlockKind
from assistant.domain.framework import Basis
from assistant.errors import CorpusError
from assistant.ingestion.corpus import Corpus, load_corpus

BUNDLED = Path(__file__).parents[2] / "corpus"


@pytest.fixture(scope="module")
def bundled() -> Corpus:
    return load_corpus(BUNDLED)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(BUNDLED, tmp_path / "corpus"))


def change(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def faults(folder: Path) -> tuple[str, ...]:
    with pytest.raises(CorpusError) as caught:
        load_corpus(folder)
    assert all(fault in str(caught.value) for fault in caught.value.faults)
    return caught.value.faults


def test_nothing_of_the_evidence_was_lost(bundled: Corpus) -> None:
    catalogue = bundled.catalogue
    assert catalogue.framework
    questions = [question for factor in catalogue.framework.factors for question in factor.questions]
    conditions = [
        condition
        for mechanism in catalogue.mechanisms.values()
        for condition in (*mechanism.favoured_by, *mechanism.hindered_by)
    ]
    assert (len(catalogue.studies), len(catalogue.findings), len(catalogue.mechanisms)) == (80, 276, 28)
    assert (len(catalogue.framework.factors), len(questions), len(catalogue.framework.quadrants)) == (
        16,
        40,
        4,
    )
    assert Counter(condition.basis for condition in conditions) == {Basis.EVIDENCE: 85, Basis.SYNTHESIS: 58}
    assert Counter(f.polarity for f in catalogue.findings.values()) == {
        "supports": 151,
        "cautions": 74,
        "mixed": 28,
        "context": 23,
    }
    assert Counter(f.kind for f in catalogue.findings.values()) == {"reported": 268, "inference": 8}
    assert sum(study.peer_reviewed for study in catalogue.studies.values()) == 70
    assert sum(not study.results_seen for study in catalogue.studies.values()) == 5
    assert sorted(study.id for study in catalogue.studies.values() if not study.citable) == [
        "disseminative-2014",
        "ehr-tensions-2025",
        "usergroup-thesis",
    ]
    assert all(finding.second_coding for finding in catalogue.findings.values())


def test_every_finding_is_one_document_that_carries_its_aids(bundled: Corpus) -> None:
    documents = [document for document in bundled.documents if not document.constructed]
    assert [document.id for document in documents] == list(bundled.catalogue.findings)
    for document in documents:
        finding = bundled.catalogue.findings[document.id]
        study = bundled.catalogue.study_of(document.id)
        assert document.text == finding.statement == " ".join(document.text.split())
        assert [(b.kind, b.span.of(document.text)) for b in document.blocks] == [
            (BlockKind.FINDING, document.text)
        ]
        assert (document.record_id, document.study_id, document.domain) == (
            finding.id,
            study.id,
            study.domain,
        )
        assert document.citable == study.citable
        assert study.title.rstrip(".") in document.context
        assert len(document.aids) >= 6
        assert document.origin == f"studies/{study.id}/findings.yaml#{finding.id}"


def test_no_everyday_question_points_to_two_findings(bundled: Corpus) -> None:
    asked = Counter(question.lower() for document in bundled.documents for question in document.aids)
    assert [question for question, count in asked.items() if count > 1] == []


def test_constructed_interviews_are_marked_and_are_no_study(bundled: Corpus) -> None:
    examples = [document for document in bundled.documents if document.constructed]
    assert len(examples) == 5
    assert [study.id for study in bundled.examples] == ["constructed-interviews"]
    assert "constructed-interviews" not in bundled.catalogue.studies
    assert {document.study_id for document in examples} == {"constructed-interviews"}


def test_constructed_interviews_can_be_left_out_and_nothing_else_changes(bundled: Corpus) -> None:
    without = load_corpus(BUNDLED, include_constructed=False)
    assert without.documents == tuple(d for d in bundled.documents if not d.constructed)
    assert without.catalogue == bundled.catalogue
    assert without.examples == ()


def test_the_whole_corpus_loads_in_about_a_second(bundled: Corpus) -> None:
    start = perf_counter()
    load_corpus(BUNDLED)
    assert perf_counter() - start < 3


def test_a_misspelt_factor_is_named_with_file_line_and_cure(copy: Path) -> None:
    change(copy, "mechanisms/blueprint.md", "factor: absorptive-capacity", "factor: absorbtive-capacity")
    lines = (copy / "mechanisms/blueprint.md").read_text(encoding="utf-8").split("\n")
    line = next(n for n, words in enumerate(lines, start=1) if "absorbtive" in words)
    assert faults(copy) == (
        f"mechanisms/blueprint.md line {line}: no factor called 'absorbtive-capacity'; "
        "did you mean 'absorptive-capacity'?",
    )


def test_all_faults_are_told_at_once_in_order_of_file_and_line(copy: Path) -> None:
    change(copy, "framework.yaml", "desirable: high", "desirable: much")
    change(
        copy,
        "mechanisms/mentoring.md",
        "basis: synthesis\n    support: []",
        "basis: synthesis\n    support: [x-f01]",
    )
    change(copy, "studies/wells-2018/study.yaml", "year: 2018", "year: '2018'")
    change(copy, "studies/wells-2018/findings.yaml", "polarity: supports", "polarty: supports")
    told = faults(copy)
    assert [fault.partition(" line ")[0] for fault in told] == [
        "framework.yaml",
        "mechanisms/mentoring.md",
        "mechanisms/mentoring.md",
        "studies/wells-2018/findings.yaml",
        "studies/wells-2018/findings.yaml",
        "studies/wells-2018/study.yaml",
    ]
    assert "use low or high" in told[0]
    assert any("basis synthesis carries no support" in fault for fault in told)
    assert any("did you mean 'polarity'?" in fault for fault in told)
    assert any("'year' should be a whole number" in fault for fault in told)


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("studies/wells-2018/findings.yaml", "id: wells-2018-f02", "id: wells-2018-f01", "used twice"),
        (
            "studies/wells-2018/findings.yaml",
            "id: wells-2018-f02",
            "id: other-f02",
            "should begin with 'wells-2018-f'",
        ),
        ("studies/wells-2018/findings.yaml", "kind: reported", "kind: proven", "use reported or inference"),
        ("studies/wells-2018/findings.yaml", "    locator:", "    locater:", "'locator' is missing"),
        (
            "studies/wells-2018/findings.yaml",
            "level: interorganizational",
            "level: galactic",
            "no level called 'galactic'",
        ),
        ("studies/wells-2018/study.yaml", "citable: true", "citable: maybe", "should be true or false"),
        (
            "studies/wells-2018/findings.yaml",
            "findings:",
            "findings: []\nfindigs:",
            "no key 'findigs'",
        ),
        ("studies/wells-2018/study.yaml", "title:", "title: x\ntitle:", "given twice"),
        ("studies/wells-2018/study.yaml", "tier: core", "tier: [core", "not valid YAML"),
        (
            "studies/wells-2018/study.yaml",
            "tier: core",
            "tier: !!python/object:os.system core",
            "should be text",
        ),
        (
            "mechanisms/blueprint.md",
            "quadrant: formal-external",
            "quadrant: informal-internal",
            "positions lie in",
        ),
        ("mechanisms/blueprint.md", "## Who may be left out", "## Who may be left", "did you mean"),
        ("mechanisms/blueprint.md", "formality: 0.85", "formality: 1.85", "from 0 to 1"),
        ("mechanisms/webinar.md", "  who_pays:", "  who_pay:", "did you mean 'who_pays'"),
        ("mechanisms/webinar.md", "  leading_collected_by:", "  collected_by:", "'leading_collected_by'"),
        (
            "mechanisms/webinar.md",
            "  lagging:\n    - Contacts still active after three months\n    - Decisions that cite it\n",
            "  lagging: []\n",
            "'lagging' names no sign to watch; add at least one",
        ),
        (
            "mechanisms/blueprint.md",
            "context: [williams-2021-f05]",
            "context: [williams-2021-f01]",
            "more than one",
        ),
        (
            "framework.yaml",
            "id: policy-developments-q2",
            "id: policy-developments-q1",
            "used twice among the questions",
        ),
        (
            "studies/constructed-interviews/transcripts/supplier.txt",
            "constructed: true",
            "constructed: false",
            "add the line 'constructed: true'",
        ),
    ],
)
def test_each_kind_of_fault_is_found(copy: Path, name: str, old: str, new: str, words: str) -> None:
    change(copy, name, old, new)
    told = faults(copy)
    assert any(fault.startswith(f"{name} line ") and words in fault for fault in told), told


def test_a_study_whose_results_were_not_seen_can_hold_no_findings(copy: Path) -> None:
    change(copy, "studies/wells-2018/study.yaml", "status: abstract-seen", "status: results-not-seen")
    (told,) = faults(copy)
    assert told.startswith("studies/wells-2018/findings.yaml line 1: ")
    assert "there can be no findings" in told


def test_a_constructed_transcript_may_not_hide_among_real_studies(copy: Path) -> None:
    shelf = copy / "studies/wells-2018/transcripts"
    shelf.mkdir()
    shutil.copy(copy / "studies/constructed-interviews/transcripts/supplier.txt", shelf / "one.txt")
    told = faults(copy)
    assert any("is marked constructed" in fault for fault in told)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("studies/wells-2018/notes.docx", b"x", "has no place here"),
        ("studies/loose.yaml", b"x", "a study is a folder"),
        ("mechanisms/new.yaml", b"x", "ends in .md"),
        ("studies/New Study/study.yaml", b"title: x", "small letters"),
        ("studies/no-record", None, "add study.yaml"),
        ("studies/wells-2018/transcripts/talk.txt", b"No turns at all.", "No speaker turns"),
        ("studies/wells-2018/study.yaml", b"\xff\xfe", "UTF-16"),
        ("studies/wells-2018/study.yaml", b"title: caf\xe9", "not UTF-8"),
        ("studies/wells-2018/study.yaml", b"", "empty"),
        ("studies/wells-2018/study.yaml", b"[" * 100_000, "nested too deeply"),
        ("studies/wells-2018/study.yaml", b"- one", "keys and values"),
    ],
)
def test_files_that_do_not_belong_or_cannot_be_read_are_named(
    copy: Path, name: str, content: bytes | None, words: str
) -> None:
    path = copy / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    told = faults(copy)
    assert any(fault.startswith(name) and words in fault for fault in told), told


def test_a_real_transcript_and_a_paper_take_what_their_study_says(copy: Path) -> None:
    home = copy / "studies/wells-2018"
    (home / "transcripts").mkdir()
    (home / "papers").mkdir()
    (home / "transcripts/p07.txt").write_text(
        "tier: controlled\n\nINT: Why?\nP07: Because.\n", encoding="utf-8"
    )
    (home / "papers/full.md").write_text("# Methods\n\nWe searched.\n", encoding="utf-8")
    corpus = load_corpus(copy)
    added = {d.id: d for d in corpus.documents if d.study_id == "wells-2018" and not d.record_id}
    assert set(added) == {"studies/wells-2018/transcripts/p07.txt", "studies/wells-2018/papers/full.md"}
    assert {document.domain for document in added.values()} == {"knowledge-sharing"}
    assert added["studies/wells-2018/transcripts/p07.txt"].tier == "controlled"
    assert not any(document.constructed for document in added.values())


def test_an_ordinary_folder_is_not_a_corpus(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"framework\.yaml"):
        load_corpus(tmp_path)
