"""What a passage must always be, whatever the document and whatever counts its tokens."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.documents import (
    Block,
    BlockKind,
    Passage,
    SourceDocument,
    Span,
    SpeakerRole,
)
from assistant.errors import InputError
from assistant.ingestion.chunking import CONTEXT_TOKENS, MAX_CHARACTERS, chunk
from assistant.ingestion.readers import READERS, format_of
from assistant.ingestion.readers.material import Material
from assistant.ingestion.sentences import sentences

PIECES = re.compile(r"\w{1,4}|[^\w\s]")


def pieces(texts: Sequence[str]) -> list[int]:
    """A stand-in for word pieces: four letters each, every mark by itself."""
    return [len(PIECES.findall(text)) for text in texts]


def awkward(texts: Sequence[str]) -> list[int]:
    """A count that is not additive: one for the text, and one for every two characters, spaces as well."""
    return [1 + (len(text) + 1) // 2 for text in texts]


def read(text: str, name: str) -> SourceDocument:
    chosen = format_of(name, text)
    assert chosen
    (document,) = READERS.load(chosen)(Material(text=text, id=name, origin=name, title=name)).documents
    assert isinstance(document, SourceDocument)
    return document


WORDS = st.text('abc ,;:.!?é—\n’"(3%\t', min_size=1, max_size=200).filter(str.strip)
SPEAKERS = st.sampled_from(["INT", "P01", "P02", "P?"])
TURNS = st.lists(st.tuples(SPEAKERS, WORDS), min_size=1, max_size=8)
PARAGRAPHS = st.lists(
    st.tuples(
        st.sampled_from([BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.TABLE, BlockKind.FINDING]), WORDS
    ),
    min_size=1,
    max_size=8,
)


def document_of(parts: list[tuple[BlockKind, str | None, str]]) -> SourceDocument:
    text = ""
    blocks = []
    for kind, speaker, words in parts:
        words = words.strip()
        text += "\n\n"
        span = Span(len(text), len(text) + len(words))
        role = None
        if speaker:
            role = SpeakerRole.INTERVIEWER if speaker == "INT" else SpeakerRole.PARTICIPANT
        blocks.append(Block(kind, span, speaker, role, level=1 if kind is BlockKind.HEADING else 0))
        text += words
    return SourceDocument(id="d", title="t", text=text, blocks=tuple(blocks), origin="d")


def check(document: SourceDocument, passages: list[Passage]) -> None:
    end = 0
    for ordinal, passage in enumerate(passages):
        assert passage.text == passage.span.of(document.text)
        assert passage.text.strip() == passage.text != ""
        assert passage.span.start >= end
        assert passage.ordinal == ordinal
        end = passage.span.end
    covered = {place for passage in passages for place in range(passage.span.start, passage.span.end)}
    for block in document.blocks:
        if block.kind is BlockKind.HEADING or block.speaker_role is SpeakerRole.INTERVIEWER:
            assert not covered & set(range(block.span.start, block.span.end))
            continue
        for place in range(block.span.start, block.span.end):
            assert place in covered or document.text[place].isspace()


@given(TURNS, st.integers(1, 40))
def test_turns_are_covered_in_order_and_no_passage_holds_two_speakers(
    turns: list[tuple[str, str]], limit: int
) -> None:
    document = document_of([(BlockKind.TURN, speaker, words) for speaker, words in turns])
    passages = chunk(document, count_tokens=pieces, max_tokens=limit)
    check(document, passages)
    for passage in passages:
        homes = [b for b in document.blocks if b.span.start <= passage.span.start < b.span.end]
        assert len(homes) == 1
        assert passage.span.end <= homes[0].span.end
        assert passage.speaker == homes[0].speaker
        assert homes[0].speaker_role is not SpeakerRole.INTERVIEWER


@given(PARAGRAPHS, st.integers(1, 40))
def test_prose_is_covered_in_order_within_the_limit(parts: list[tuple[BlockKind, str]], limit: int) -> None:
    document = document_of([(kind, None, words) for kind, words in parts])
    passages = chunk(document, count_tokens=pieces, max_tokens=limit)
    check(document, passages)
    assert max(pieces([p.text for p in passages]), default=0) <= limit


@given(PARAGRAPHS, st.integers(3, 40))
def test_the_limit_holds_for_a_count_that_does_not_add_up(
    parts: list[tuple[BlockKind, str]], limit: int
) -> None:
    document = document_of([(kind, None, words) for kind, words in parts])
    passages = chunk(document, count_tokens=awkward, max_tokens=limit)
    check(document, passages)
    assert max(awkward([p.text for p in passages]), default=0) <= limit


@given(st.text(max_size=400), st.sampled_from(["a.txt", "a.md"]))
def test_whatever_a_file_holds_its_passages_are_true(text: str, name: str) -> None:
    if not text.strip() or "constructed" in text or "tier" in text:
        return
    document = document_or_none(text, name)
    if document:
        check(document, chunk(document, count_tokens=pieces, max_tokens=20))


def document_or_none(text: str, name: str) -> SourceDocument | None:
    try:
        return read(text, name)
    except InputError:
        return None


def test_the_question_travels_with_the_answers_that_follow_it() -> None:
    document = read("INT: Old one. Why?\nP07: Because.\nP08: Indeed.\nINT: And?\nP07: So.\n", "a.txt")
    passages = chunk(document, count_tokens=pieces, max_tokens=50)
    assert [(p.speaker, p.text, p.context) for p in passages] == [
        ("P07", "Because.", "Old one. Why?"),
        ("P08", "Indeed.", "Old one. Why?"),
        ("P07", "So.", "And?"),
    ]


def test_a_long_question_keeps_its_end() -> None:
    question = "This is a preamble that goes on. " * 30 + "What did you do?"
    document = read(f"INT: {question}\nP07: We rang.\n", "a.txt")
    (passage,) = chunk(document, count_tokens=pieces, max_tokens=50)
    assert passage.context.endswith("What did you do?")
    assert pieces([passage.context])[0] <= CONTEXT_TOKENS


def test_short_paragraphs_join_under_one_heading_only() -> None:
    text = "# A\n\nOne.\n\nTwo.\n\n## B\n\nThree.\n"
    passages = chunk(read(text, "a.md"), count_tokens=pieces, max_tokens=50)
    assert [(p.text, p.heading) for p in passages] == [("One.\n\nTwo.", ("A",)), ("Three.", ("A", "B"))]


def test_long_prose_is_cut_at_sentence_ends_into_parts_of_like_size() -> None:
    sentence = "Hospitals that meet often learn more from each other over time."
    document = read(" ".join([sentence] * 24), "a.txt")
    passages = chunk(document, count_tokens=pieces, max_tokens=256)
    assert len(passages) == 2
    assert all(p.text.endswith(".") and p.text.startswith("Hospitals") for p in passages)
    small, large = sorted(len(p.text) for p in passages)
    assert large - small <= 2 * len(sentence)


def test_a_finding_is_one_passage_with_everything_its_document_says() -> None:
    words = "A finding. It has two sentences."
    document = SourceDocument(
        id="s-f01",
        title="t",
        text=words,
        blocks=(Block(BlockKind.FINDING, Span(0, len(words))),),
        origin="o",
        record_id="s-f01",
        study_id="s",
        domain="d",
        citable=False,
        context="c",
        aids=("Why?",),
    )
    (passage,) = chunk(document, count_tokens=pieces, max_tokens=256)
    assert passage.id == f"s-f01:0-{len(words)}"
    assert (passage.record_id, passage.study_id, passage.domain, passage.context, passage.citable) == (
        "s-f01",
        "s",
        "d",
        "c",
        False,
    )


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Smith et al. found 5.6% vs. 7% (Fig. 3). It held.", 2),
        ("Dr. Jones agreed, i.e. he nodded. Did he? Yes! He did.", 4),
        ('"It works." "Does it?" she asked. J. Smith of the U.S. Department left.', 3),
        ("One fell etc. Two stood.", 2),
        ("- first item\n- second item\n3. third", 3),
        ("a line\nthat wraps", 1),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text: str, count: int) -> None:
    assert len(sentences(text, 0, len(text))) == count


@pytest.mark.parametrize(
    "bad",
    [
        "a" * 100_000,
        "(" * 100_000,
        "A b " * 25_000,
        "\n[00:01]" * 15_000,
        "P07 " * 25_000,
        "> " * 50_000,
        "- " * 50_000,
        "a! ) " * 20_000,
        "***" * 40_000,
    ],
)
def test_hostile_text_is_read_and_cut_into_true_passages(bad: str) -> None:
    for name in ("a.txt", "a.md"):
        document = document_or_none(bad, name)
        cut = chunk(document, count_tokens=pieces, max_tokens=256) if document else []
        assert all(passage.text == passage.span.of(document.text) for passage in cut if document)


def test_an_endless_word_is_cut_even_if_the_model_counts_it_as_one() -> None:
    document = read("x" * 10_000, "a.txt")
    passages = chunk(document, count_tokens=lambda texts: [1] * len(texts), max_tokens=256)
    check(document, passages)
    assert max(len(passage.text) for passage in passages) <= MAX_CHARACTERS + MAX_CHARACTERS // 256


def test_the_samples_hold_together() -> None:
    text = (Path(__file__).parent.parent / "corpus" / "interview.txt").read_text(encoding="utf-8")
    document = read(text, "interview.txt")
    check(document, chunk(document, count_tokens=pieces, max_tokens=12))
