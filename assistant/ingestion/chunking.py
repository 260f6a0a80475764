"""Cuts documents into passages: what is found, cited and checked.

A passage is always exactly `document.text[span]`. One finding is one passage, no passage holds two speakers,
and none is longer than the embedding model can read. Nothing that may be cited is left out or rewritten.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from assistant.domain.documents import Block, BlockKind, Passage, SourceDocument, Span, SpeakerRole
from assistant.ingestion.readers.lines import trimmed
from assistant.ingestion.sentences import sentences

CHUNKER_VERSION = "1"
"""Raise it when the same document would be cut differently, so that no index mixes two ways of cutting."""

JOIN_TOKENS = 160
"""Short paragraphs under one heading are joined up to this size, about 120 words."""
CONTEXT_TOKENS = 64
"""The interviewer's question is kept to this size: its last sentences, which hold the question itself."""
MAX_CHARACTERS = 4000
"""Longest passage. Some models count an endless word as a single token."""

_LIKELY = 8
"""A stretch of more characters than this for each token allowed is not worth counting whole."""

CountTokens = Callable[[Sequence[str]], list[int]]

_BREAKS = (re.compile(r"(?<=[;:])\s+|\s+(?=[–—])"), re.compile(r"(?<=,)\s+"), re.compile(r"\s+"))


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch that is never cut further, and its size."""

    span: Span
    tokens: int


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch that becomes one passage, and the block it begins in."""

    span: Span
    block: Block
    heading: tuple[str, ...] = ()
    context: str = ""


def chunk(document: SourceDocument, *, count_tokens: CountTokens, max_tokens: int) -> list[Passage]:
    """The passages of a document, in order and not overlapping, each of at most `max_tokens` tokens.

    `count_tokens` returns the size of each text it is given. `max_tokens` bounds the passage's own words: a
    caller that embeds title or context in one vector with them takes their size off first.
    Interviewers' turns become the context of the turns that follow and are no passages.
    """
    cutter = _Cutter(document.text, count_tokens, max_tokens)
    cutter.prepare(block for block in document.blocks if block.kind is not BlockKind.HEADING)
    if any(block.kind is BlockKind.TURN for block in document.blocks):
        parts = list(_turn_parts(document, cutter))
    else:
        parts = list(_prose_parts(document, cutter))
    return [_passage(document, part, ordinal) for ordinal, part in enumerate(parts)]


def _turn_parts(document: SourceDocument, cutter: _Cutter) -> Iterator[_Part]:
    question = ""
    for block in document.blocks:
        if block.speaker_role is SpeakerRole.INTERVIEWER:
            question = cutter.tail(block.span, CONTEXT_TOKENS)
            continue
        for span in cutter.cut(block.span):
            yield _Part(span, block, context=question or document.context)


def _prose_parts(document: SourceDocument, cutter: _Cutter) -> Iterator[_Part]:
    path: list[tuple[int, str]] = []
    run: list[Block] = []
    for block in document.blocks:
        if block.kind is BlockKind.HEADING:
            yield from _run_parts(run, cutter, path, document)
            run = []
            path = [
                *(step for step in path if step[0] < block.level),
                (block.level, block.span.of(document.text)),
            ]
        else:
            run.append(block)
    yield from _run_parts(run, cutter, path, document)


def _run_parts(
    run: Iterable[Block], cutter: _Cutter, path: Iterable[tuple[int, str]], document: SourceDocument
) -> Iterator[_Part]:
    """Parts of the blocks under one heading: short paragraphs joined, long ones cut."""
    heading = tuple(words for _, words in path)
    for blocks in cutter.joined(list(run)):
        whole = Span(blocks[0].span.start, blocks[-1].span.end)
        for span in cutter.cut(whole):
            yield _Part(span, blocks[0], heading, document.context)


def _passage(document: SourceDocument, part: _Part, ordinal: int) -> Passage:
    return Passage(
        document_id=document.id,
        span=part.span,
        text=part.span.of(document.text),
        kind=part.block.kind,
        ordinal=ordinal,
        title=document.title,
        heading=part.heading,
        speaker=part.block.speaker,
        seconds=part.block.seconds,
        context=part.context,
        record_id=document.record_id,
        study_id=document.study_id,
        domain=document.domain,
        tier=document.tier,
        constructed=document.constructed,
        citable=document.citable,
        origin=document.origin,
        aids=document.aids,
    )


class _Cutter:
    """Cuts stretches of one text to size. Counts every stretch once, and many at a time."""

    def __init__(self, text: str, count_tokens: CountTokens, max_tokens: int) -> None:
        if max_tokens < 1:
            raise ValueError("max_tokens must be at least 1")
        self.text = text
        self.count = count_tokens
        self.max_tokens = max_tokens
        self._sizes: dict[Span, int] = {}
        self._sentences: dict[Span, list[Span]] = {}

    def prepare(self, blocks: Iterable[Block]) -> None:
        """Count at once what will be asked for: blocks that may fit whole, the sentences of others."""
        spans = [block.span for block in blocks]
        may_fit = [span for span in spans if span.end - span.start <= _LIKELY * self.max_tokens]
        self._size(may_fit)
        large = [span for span in spans if self._sizes.get(span, self.max_tokens + 1) > self.max_tokens]
        self._size([sentence for span in large for sentence in self._sentences_of(span)])

    def estimate(self, span: Span) -> int:
        """Its size if it was counted whole, else the sum of its sentences, which may differ a little."""
        known = self._sizes.get(span)
        return sum(self._size(self._sentences_of(span))) if known is None else known

    def cut(self, span: Span) -> list[Span]:
        """The stretch whole if it fits, else parts of like size that end where sentences end."""
        if self._sizes.get(span, self.max_tokens + 1) <= self.max_tokens:
            return [span]
        parts = list(self._packed(self._pieces(span)))
        spans: list[Span] = []
        for part, size in zip(parts, self._size(parts), strict=True):
            if size <= self.max_tokens:
                spans.append(part)
            else:
                spans += self._halves(part) if len(parts) == 1 else self.cut(part)
        return spans

    def joined(self, blocks: list[Block]) -> Iterator[list[Block]]:
        """Neighbouring paragraphs together while they stay within the joining size; other blocks alone."""
        limit = min(JOIN_TOKENS, self.max_tokens)
        group: list[Block] = []
        total = 0
        for block in blocks:
            size = self.estimate(block.span)
            joins = block.kind is BlockKind.PARAGRAPH and group and group[-1].kind is BlockKind.PARAGRAPH
            if joins and total + size <= limit:
                group.append(block)
                total += size
                continue
            if group:
                yield group
            group, total = [block], size
        if group:
            yield group

    def tail(self, span: Span, limit: int) -> str:
        """The last sentences of a stretch, as many as fit; always at least part of the last one."""
        spans = self._sentences_of(span)
        total = 0
        start = span.end
        for sentence, size in zip(reversed(spans), reversed(self._size(spans)), strict=True):
            total += size
            if total > limit:
                break
            start = sentence.start
        if start == span.end:
            start = self._last_words(spans[-1], limit)
        return self.text[start : span.end]

    def _last_words(self, span: Span, limit: int) -> int:
        words = [match.start() for match in re.finditer(r"\S+", span.of(self.text))]
        return span.start + words[max(0, len(words) - limit // 2)]

    def _sentences_of(self, span: Span) -> list[Span]:
        if span not in self._sentences:
            self._sentences[span] = sentences(self.text, span.start, span.end)
        return self._sentences[span]

    def _size(self, spans: Sequence[Span]) -> list[int]:
        """Tokens of each stretch, or its share of the character limit where that is more."""
        unknown = [span for span in dict.fromkeys(spans) if span not in self._sizes]
        counts = self.count([span.of(self.text) for span in unknown]) if unknown else []
        for span, count in zip(unknown, counts, strict=True):
            share = (span.end - span.start) * self.max_tokens // MAX_CHARACTERS
            self._sizes[span] = max(count, share)
        return [self._sizes[span] for span in spans]

    def _pieces(self, span: Span) -> list[_Piece]:
        """Sentences, and what an over-long sentence falls into: clauses, then shorter ones, then words."""
        spans = self._sentences_of(span)
        for breaks in _BREAKS:
            sizes = self._size(spans)
            if max(sizes) <= self.max_tokens:
                break
            spans = [
                part
                for whole, size in zip(spans, sizes, strict=True)
                for part in ([whole] if size <= self.max_tokens else self._split(whole, breaks))
            ]
        return [_Piece(part, size) for part, size in zip(spans, self._size(spans), strict=True)]

    def _split(self, span: Span, breaks: re.Pattern[str]) -> Iterator[Span]:
        begin = span.start
        for match in breaks.finditer(self.text, span.start, span.end):
            if match.start() > begin:
                yield Span(begin, match.start())
                begin = match.end()
        yield Span(begin, span.end)

    def _packed(self, pieces: list[_Piece]) -> Iterator[Span]:
        """Pieces put together into as few parts as fit, of about the same size."""
        total = sum(piece.tokens for piece in pieces)
        aim = total / max(1, ceil(total / self.max_tokens))
        start, end, size = pieces[0].span.start, pieces[0].span.end, pieces[0].tokens
        for piece in pieces[1:]:
            over = size + piece.tokens - aim
            if size + piece.tokens > self.max_tokens or over > aim - size:
                yield Span(start, end)
                start, size = piece.span.start, 0
            end = piece.span.end
            size += piece.tokens
        yield Span(start, end)

    def _halves(self, span: Span) -> list[Span]:
        """A stretch without a place to cut, such as one endless word, in pieces that fit."""
        if span.end - span.start == 1:
            return [span]
        middle = (span.start + span.end) // 2
        halves = (trimmed(self.text, span.start, middle), trimmed(self.text, middle, span.end))
        return [part for half in halves if half for part in self.cut(half)]
