"""Reads a model's reply sentence by sentence, and keeps plain sentences that end with known evidence ids.

Looks at form alone; whether the evidence bears a sentence out is checked elsewhere. Nothing is repaired
beyond spaces and full stops: what does not fit is dropped, and counted by reason.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from assistant.ingestion.sentences import sentences
from assistant.language.spotlight import has_code, talks_to_the_machine
from assistant.security.sanitising import visible

MOST_WORDS = 60
FEWEST_WORDS = 4
LONGEST_QUOTE = 8
LONGEST = 600
LONGEST_LINE = 4000
"""In characters; longer is not taken apart, so that no reply can make the reading slow."""
_RUN = 6


class Dropped(StrEnum):
    """Why a sentence of a model is not shown."""

    UNCITED = "uncited"
    UNKNOWN_ID = "unknown id"
    HIDDEN = "hidden characters"
    ADDRESS = "address"
    MARKUP = "markup"
    CODE = "code or key"
    PROMPT = "prompt text"
    MACHINE = "talks of itself"
    MISQUOTED = "misquoted"
    FOREIGN = "foreign characters"
    LENGTH = "too short or too long"
    QUESTION = "a question"
    BROKEN = "not a whole sentence"
    REPEAT = "repeat"
    OWN_WORDS = "words that the evidence does not have"
    UNSUPPORTED = "not borne out"
    EXTRA = "one too many"


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence and the numbers of the evidence it names, in order, each once."""

    text: str
    ids: tuple[int, ...]


@dataclass(slots=True)
class Reading:
    """What a reply holds: claims in order, and how many sentences were dropped for which reason."""

    claims: list[Claim] = field(default_factory=list)
    dropped: Counter[Dropped] = field(default_factory=Counter)


_ID = r"[\[(]\s*E\d{1,3}(?:\s*[,;]\s*E\d{1,3})*\s*[\])]"
_AT_END = re.compile(rf"\s*(?P<ids>{_ID}(?:[\s,;]*{_ID})*)\s*(?P<stop>[.!?]?)\s*\Z")
_AFTER_STOP = re.compile(rf"(?P<stop>[.!?])(?P<ids>(?:\s*{_ID})+)[.!]?")
_ANY_ID = re.compile(rf"\s*{_ID}")
_NUMBER = re.compile(r"E(\d+)")
_BULLET = re.compile(r"\A\s*(?:[-*•]|\d{1,2}[.)])\s+")
_THOUGHT = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
_QUOTED = re.compile(r"[“\"„«](?P<words>[^“”\"„«»]*)[”\"»]")
_QUOTE_MARKS = re.compile(r"[“”\"„«»]")

_ADDRESS = re.compile(
    r"//|\bwww\.|\b(?:https?|ftp|file|mailto|data|javascript|vbscript|blob|tel)\s*:|@\w|\\\\"
    r"|\b[\w-]+\.(?:com|org|net|io|ai|co|uk|eu|de|fr|ru|cn|info|biz|dev|app|gov|edu|me|ly|xyz|html?|php|png|jpe?g|gif|svg)\b"
    r"|\b\d{1,3}(?:\.\d{1,3}){3}\b",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"[<>\[\]{}|`~^*_\\#=$]|&#?\w+;|!\(|\]\(|%[0-9A-Fa-f]{2}[%\w]")
_MACHINE = re.compile(
    r"\b(?:I|I['’]m|I['’]ll|I['’]ve|me|my|myself|NOTHING)\b|(?i:"
    r"\bas an? (?:\w+ )?(?:ai|assistant|model|chat\s?bot)\b|\b(?:large |a )?language models?\b"
    r"|\bchat\s?(?:gpt|bot)s?\b"
    r"|\b(?:system|hidden|initial|developer) (?:prompts?|messages?|instructions?)\b"
    r"|\b(?:previous|prior|above|these|my|your) (?:instructions?|prompts?|guidelines?|rules)\b"
    r"|\b(?:ignore|disregard) (?:all|any|the|previous|prior|above|every)\b|\bjailbr\w+|\bdeveloper mode\b"
    r"|\b(?:according to|based on) (?:the )?(?:evidence|passages?|context) (?:provided|given|above)\b"
    r"|\bpieces? of evidence\b|\bevidence ids?\b|\bthe prompt\b)"
)
_OPENING = re.compile(r"[“(]?[A-Z0-9À-Þ]")
_STOP_WITHIN = re.compile(r"\w{4}[.!?][”\")\]]*\s+\S")
_USUAL_MARKS = frozenset("’‘“”–—…£€½¼¾×°·-")


def read_reply(
    reply: str, sources: Mapping[int, str], *, prompt_words: Sequence[str] = (), most: int = 100
) -> Reading:
    """The claims in `reply`, at most `most`. `sources` holds the stored text of each piece of evidence."""
    reading = Reading()
    seen: set[str] = set()
    runs = _runs(prompt_words)
    for raw in _sentences(_THOUGHT.sub(" ", reply)):
        claim, reason = _claim(raw, sources, runs) if len(raw) <= LONGEST else (None, Dropped.LENGTH)
        if claim is None:
            reading.dropped[reason] += 1
        elif _key(claim.text) in seen:
            reading.dropped[Dropped.REPEAT] += 1
        elif len(reading.claims) == most:
            reading.dropped[Dropped.EXTRA] += 1
        else:
            seen.add(_key(claim.text))
            reading.claims.append(claim)
    return reading


def _sentences(reply: str) -> list[str]:
    found = []
    for line in reply.splitlines():
        if len(line) > LONGEST_LINE:
            found.append(line)
            continue
        bare = _AFTER_STOP.sub(r"\g<ids>\g<stop>", _BULLET.sub("", line)).strip()
        found += [span.of(bare) for span in sentences(bare)]
    return [text for text in found if text.strip(" .")]


def _claim(raw: str, sources: Mapping[int, str], runs: set[tuple[str, ...]]) -> tuple[Claim | None, Dropped]:
    """The claim that a sentence makes, or None and the first reason against it (else without meaning)."""
    end = _AT_END.search(raw)
    if end is None:
        return None, Dropped.UNCITED
    numbers = tuple(dict.fromkeys(int(n) for ids in _ANY_ID.findall(raw) for n in _NUMBER.findall(ids)))
    if any(number not in sources for number in numbers):
        return None, Dropped.UNKNOWN_ID
    text = _with_stop(" ".join(_ANY_ID.sub("", raw[: end.start()] + end["stop"]).split()))
    cited = [sources[number] for number in numbers]
    text, outside, misquoted = _quotes_from_storage(text, cited)
    reason = Dropped.MISQUOTED if misquoted else _fault(text, outside, cited)
    if reason is None and not runs.isdisjoint(_runs(_words(text))):
        reason = Dropped.PROMPT
    return (None, reason) if reason is not None else (Claim(text, numbers), Dropped.UNCITED)


def _fault(text: str, outside: str, cited: Sequence[str]) -> Dropped | None:
    """What is wrong with the form of a sentence, `outside` being what stands outside quotation marks."""
    for reason, fails in _FORM:
        if fails(text):
            return reason
    if _MACHINE.search(outside) or talks_to_the_machine(text):
        return Dropped.MACHINE
    if _foreign(text, cited):
        return Dropped.FOREIGN
    if not _OPENING.match(text) or _STOP_WITHIN.search(text):
        return Dropped.BROKEN
    if len(outside.split()) < FEWEST_WORDS or len(text.split()) > MOST_WORDS:
        return Dropped.LENGTH
    return None


def _with_stop(text: str) -> str:
    bare = text.rstrip(" ,;:")
    return bare if bare.endswith((".", "!", "?", "”", '"')) else f"{bare}."


def _quotes_from_storage(text: str, cited: Sequence[str]) -> tuple[str, str, bool]:
    """`text` with every quotation printed from a source, the text outside quotations, and if one is wrong.

    Quoted words must stand in one cited source word for word, apart from white space, and be few: whole
    sentences are quoted by whoever shows the sources, not by a model.
    """
    wrong = False

    def stored(match: re.Match[str]) -> str:
        nonlocal wrong
        words = match["words"].strip(" .,").split()
        pattern = r"\s+".join(map(re.escape, words)) if len(words) <= LONGEST_QUOTE else ""
        held = next((m for source in cited if pattern and (m := re.search(pattern, source))), None)
        wrong = wrong or held is None
        return f"“{' '.join(held[0].split())}”" if held else ""

    filled = _QUOTED.sub(stored, text)
    outside = _QUOTED.sub(" ", filled)
    return filled, outside, wrong or bool(_QUOTE_MARKS.search(outside))


_FORM: tuple[tuple[Dropped, Callable[[str], bool]], ...] = (
    (Dropped.HIDDEN, lambda text: visible(text) != text),
    (Dropped.ADDRESS, lambda text: bool(_ADDRESS.search(text))),
    (Dropped.MARKUP, lambda text: bool(_MARKUP.search(text))),
    (Dropped.CODE, has_code),
    (Dropped.QUESTION, lambda text: text.rstrip().endswith("?")),
)


def _foreign(text: str, cited: Sequence[str]) -> bool:
    """True if a character beyond ASCII is neither a usual mark nor one of the sources'."""
    held = frozenset("".join(cited)) | _USUAL_MARKS
    return any(not mark.isascii() and mark not in held for mark in text)


def _runs(words: Sequence[str]) -> set[tuple[str, ...]]:
    return {tuple(words[i : i + _RUN]) for i in range(len(words) - _RUN + 1)}


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[^\W_]+", text.lower()))


def _key(text: str) -> str:
    return " ".join(_words(text))
