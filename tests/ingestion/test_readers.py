"""Contracts over every reader: the same words and speakers from every format, with true spans."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.domain.documents import BlockKind, SourceDocument, SpeakerRole, Tier
from assistant.errors import InputError
from assistant.ingestion.corpus import load_corpus
from assistant.ingestion.readers import READERS, format_of
from assistant.ingestion.readers.material import Material, Reading

SAMPLES = Path(__file__).parent.parent / "corpus"
TURNS = [
    ("INT", SpeakerRole.INTERVIEWER, 2.0, "How did the network start?"),
    (
        "P07",
        SpeakerRole.PARTICIPANT,
        5.0,
        "With one phone call. I rang a colleague in the next county. She rang two more.",
    ),
    ("INT", SpeakerRole.INTERVIEWER, 14.0, "And what keeps it going?"),
    (
        "P07",
        SpeakerRole.PARTICIPANT,
        17.0,
        "Being useful, Dr. Hall used to say. If 5.6% of the calls help, people come back.",
    ),
    ("P?", SpeakerRole.UNKNOWN, 27.0, "And the biscuits."),
]
FINDING = "Hospitals that shared a supplier rang each other more often (61% against 24%), e.g. about go-live."


def reading(text: str, name: str = "file.txt") -> Reading:
    chosen = format_of(name, text)
    assert chosen
    result = READERS.load(chosen)(Material(text=text, id=name, origin=name, title=Path(name).stem))
    assert isinstance(result, Reading)
    return result


def only(text: str, name: str = "file.txt") -> SourceDocument:
    (document,) = reading(text, name).documents
    return document


def said(document: SourceDocument) -> list[tuple[str | None, str]]:
    return [(block.speaker, block.span.of(document.text)) for block in document.blocks]


def sample(name: str) -> str:
    return (SAMPLES / name).read_text(encoding="utf-8")


def test_every_reader_has_a_sample() -> None:
    files = [path for path in SAMPLES.iterdir() if path.is_file()]
    used = {format_of(path.name, sample(path.name)) for path in files}
    assert used == set(READERS)


@pytest.mark.parametrize("name", sorted(path.name for path in SAMPLES.iterdir() if path.is_file()))
def test_blocks_are_true_ordered_and_do_not_overlap(name: str) -> None:
    for document in reading(sample(name), name).documents:
        assert document.blocks
        end = 0
        for block in document.blocks:
            assert end <= block.span.start < block.span.end <= len(document.text)
            assert block.span.of(document.text).strip() == block.span.of(document.text)
            end = block.span.end


@pytest.mark.parametrize("name", ["interview.txt", "interview.vtt", "interview.md", "interview.jsonl"])
def test_the_same_interview_gives_the_same_turns_from_every_format(name: str) -> None:
    document = only(sample(name), name)
    timed = name != "interview.jsonl"
    assert [
        (block.speaker, block.speaker_role, block.seconds, " ".join(block.span.of(document.text).split()))
        for block in document.blocks
    ] == [(speaker, role, seconds if timed else None, words) for speaker, role, seconds, words in TURNS]
    assert {block.kind for block in document.blocks} == {BlockKind.TURN}
    assert document.title == "The sample interview"
    assert document.study_id == "sample"
    assert document.constructed
    assert document.context == "P07, network lead"


@pytest.mark.parametrize("name", ["finding.txt", "finding.md", "finding.jsonl"])
def test_the_same_finding_gives_the_same_words_from_every_format(name: str) -> None:
    document = only(sample(name), name)
    assert document.blocks[-1].span.of(document.text) == FINDING
    assert (document.title, document.study_id) == ("A sample finding", "sample")


def test_the_same_finding_in_the_corpus_layout_gives_the_same_words() -> None:
    corpus = load_corpus(SAMPLES / "finding-corpus")
    (document,) = corpus.documents
    assert document.text == FINDING
    assert document.aids == ("Do places on the same kit talk more?",)


@pytest.mark.parametrize("name", ["interview.txt", "interview.md", "finding.txt", "finding.md"])
def test_text_files_are_kept_as_they_were(name: str) -> None:
    assert only(sample(name), name).text == sample(name)


def test_windows_line_ends_are_kept_and_spans_stay_true() -> None:
    text = sample("interview.txt").replace("\n", "\r\n")
    document = only(text)
    assert document.text == text
    assert said(document)[1] == (
        "P07",
        "With one phone call. I rang a colleague in the next county.\r\nShe rang two more.",
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I:\tWhy?\nR1:\tBecause.", [("I", "Why?"), ("R1", "Because.")]),
        ("INT\nWhy?\n\nP07\nBecause.\n", [("INT", "Why?"), ("P07", "Because.")]),
        ("(12:34) INT: Why?\n00:12:40.500 P07: Because.", [("INT", "Why?"), ("P07", "Because.")]),
        (
            "Interviewer 1 (LM): Why?\nSarah: Because.\n",
            [("Interviewer 1 (LM)", "Why?"), ("Sarah", "Because.")],
        ),
        (
            "INT: Why?\nP07: [00:12] Because\nNote: nothing.",
            [("INT", "Why?"), ("P07", "Because\nNote: nothing.")],
        ),
        (
            "Chair: Shall we?\nProject Manager: Yes.\nChair: Good.\nProject Manager: So.\nDr Shah: One.",
            [
                ("Chair", "Shall we?"),
                ("Project Manager", "Yes."),
                ("Chair", "Good."),
                ("Project Manager", "So."),
                ("Dr Shah", "One."),
            ],
        ),
    ],
)
def test_speaker_labels_of_many_shapes_open_turns(text: str, expected: list[tuple[str, str]]) -> None:
    assert said(only(text)) == expected


def test_a_name_that_recurs_is_not_merged_into_a_coded_speaker() -> None:
    text = "INT: Why?\nSarah: One.\nINT: And?\nSarah: Two.\nP?: Three.\n"
    assert [speaker for speaker, _ in said(only(text))] == ["INT", "Sarah", "INT", "Sarah", "P?"]


def test_a_time_on_a_line_of_its_own_belongs_to_the_turn_below_it() -> None:
    document = only("INT: Why?\n\n[00:01:00]\nP07: Because.\n")
    assert [(b.span.of(document.text), b.seconds) for b in document.blocks] == [
        ("Why?", None),
        ("Because.", 60.0),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "BACKGROUND: We looked.\nMETHODS: We asked.\nRESULTS: We saw.\nCONCLUSIONS: We left.\n",
        "Shopping\n\nP1: Agree a lead\nP2: Train staff\n",
        "There is one rule: be kind.\nAnd another: be early.\n",
        "A long report.\n" * 40 + "Q: Why?\nA: Because.\n",
        "See https://example.org\nNote: closed on Monday.\n",
    ],
)
def test_prose_is_not_mistaken_for_a_transcript(text: str) -> None:
    document = only(text)
    assert {block.kind for block in document.blocks} == {BlockKind.PARAGRAPH}
    covered = "".join(block.span.of(document.text) for block in document.blocks)
    assert "".join(covered.split()) == "".join(text.split())


def test_a_cover_page_is_no_part_of_the_first_turn() -> None:
    text = (
        "Project: Shared records\nInterviewer: LM\nParticipant: P07, chief nurse\nDate: spring\n"
        "Tier: safeguarded\n\n"
        "INT: Why?\nP07: Because.\n"
    )
    document = only(text)
    assert said(document) == [("INT", "Why?"), ("P07", "Because.")]
    assert document.tier is Tier.SAFEGUARDED
    assert document.study_id == "Shared records"


@pytest.mark.parametrize("line", ["tier: secret", "constructed: perhaps"])
def test_an_unclear_privacy_or_honesty_mark_is_refused_and_never_guessed(line: str) -> None:
    with pytest.raises(InputError):
        reading(f"{line}\n\nSome words.\n")


def test_prose_that_only_looks_like_a_header_stays_citable() -> None:
    document = only("Background: hospitals share.\nSource: a survey.\n\nMore.\n")
    assert document.blocks[0].span.start == 0


def test_markdown_gives_headings_lists_and_tables_at_their_places() -> None:
    text = (
        "# Top #\n\nOne\nline.\n\n- a\n- b\n\nSub\n---\n\n"
        "| x | y |\n|---|---|\n| 1 | 2 |\n\n<!-- hidden -->\n"
    )
    document = only(text, "a.md")
    assert [(b.kind.value, b.level, b.span.of(text)) for b in document.blocks] == [
        ("heading", 1, "Top"),
        ("paragraph", 0, "One\nline."),
        ("paragraph", 0, "- a\n- b"),
        ("heading", 2, "Sub"),
        ("table", 0, "| x | y |\n|---|---|\n| 1 | 2 |"),
    ]
    assert document.title == "Top"


def test_words_between_thematic_breaks_are_not_taken_for_a_header() -> None:
    text = "---\nThis matters a great deal\n---\nMore.\n"
    document = only(text, "a.md")
    assert "matters" in "".join(block.span.of(text) for block in document.blocks)


def test_a_cue_without_a_voice_goes_on_with_the_labelled_speaker() -> None:
    text = "WEBVTT\n00:01.000 --> 00:02.000\nP07: One &amp; two\n\n00:02.000 --> 00:03.000\nand three.\n"
    assert said(only(text, "a.vtt")) == [("P07", "One & two and three.")]


def test_records_keep_their_text_exactly_and_name_each_bad_line() -> None:
    lines = [
        '{"id": "a", "title": "T", "text": " One.\\r\\n\\r\\nTwo. "}',
        "",
        '{"id": 7, "text": "Seven.", "tier": "controlled", "more": [1]}',
        '{"id": "a", "text": "Again."}',
        '{"title": "no id", "text": "x"}',
        "{not json",
        '{"id": "deep", "text": ' + "[" * 100_000,
        '{"id": "half", "text": "\\ud800"}',
        '{"_id": "b", "text": ""}',
        "[1, 2]",
        '{"doc_id": "c", "text": "Last."}',
    ]
    result = reading("\n".join(lines), "folder/set.jsonl")
    assert [document.id for document in result.documents] == ["folder/set/a", "folder/set/7", "folder/set/c"]
    first, second, _ = result.documents
    assert first.text == " One.\r\n\r\nTwo. "
    assert [block.span.of(first.text) for block in first.blocks] == ["One.", "Two."]
    assert (second.record_id, second.tier, second.origin) == ("7", Tier.CONTROLLED, "folder/set.jsonl#3")
    assert [part.origin.rpartition("#")[2] for part in result.unread] == ["4", "5", "6", "7", "8", "9", "10"]
    assert "line 1" in result.unread[0].reason
    assert all(part.reason.startswith("Line ") and part.reason.endswith(".") for part in result.unread)
