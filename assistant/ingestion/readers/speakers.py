"""Who speaks, and when: labels such as `P07:` or `Project Manager:`, and times such as `[00:12:34]`."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from assistant.domain.documents import SpeakerRole
from assistant.ingestion.readers.lines import lines

TIME = r"(?:\d{1,2}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?"
_CODE = (
    r"(?:P|R|I|F|M|FG|INT|IV|RES|RESP|MOD|FAC|Int|Resp|Mod|Fac|Q|A|S)[ _-]?\d{0,3}[a-z]?"
    r"|P\?|\?{1,3}"
    r"|(?:Interviewer|INTERVIEWER|Interviewee|Respondent|RESPONDENT|Participant|PARTICIPANT|Speaker|SPEAKER"
    r"|Moderator|MODERATOR|Facilitator|FACILITATOR|Researcher|RESEARCHER|Unknown|UNKNOWN)"
    r"(?:[ _-]?(?:\d{1,3}|[A-Z]|\?))?"
)
_NAME = r"[A-Z][\w.'’-]*(?: (?:[\w.'’&/-]+|\((?:[^()\r\n]|\([^()\r\n]*\)){1,80}\))){0,5}"
_LABELLED = re.compile(
    rf"[ \t]*(?:[\[(]?(?P<before>{TIME})[\])]?[ \t]*[-–]?[ \t]*)?(?:\*\*|__)?"
    rf"(?P<label>{_CODE}|{_NAME})(?:\*\*|__)?"
    rf"(?:[ \t]*[\[(](?P<after>{TIME})[\])])?(?:\*\*|__)?[ \t]*(?P<colon>:)(?:\*\*|__)?(?!//)"
)
_TABBED = re.compile(rf"(?:[\[(]?(?P<before>{TIME})[\])]?[ \t]*)?(?P<label>{_CODE})\t")
_ALONE = re.compile(
    rf"[ \t]*(?:[\[(]?(?P<before>{TIME})[\])]?[ \t]*)?(?:\*\*)?(?P<label>{_CODE})(?:\*\*)?"
    rf"(?:[ \t]+[\[(]?(?P<after>{TIME})[\])]?)?[ \t]*"
)
_SPEECH_TIME = re.compile(rf"[ \t]*[\[(](?P<time>{TIME})[\])][ \t]*")
_CODED = re.compile(rf"(?:{_CODE})(?: ?\([^()]*\))?")
_NOTE = re.compile(r" ?\([^()]*\)\Z")
_INTERVIEWER = re.compile(
    r"(?:I|IV|INT|INTERVIEWER|Q|MOD|MODERATOR|FAC|FACILITATOR|RESEARCHER)[ _-]?(?:\d{0,3}|[A-Z])",
    re.IGNORECASE,
)
_UNKNOWN = re.compile(r"\w*\?+|(?:UNKNOWN|SPEAKER \?).*", re.IGNORECASE)
_MAX_LABEL = 100
_CODED_SHARE = 0.03
_NAMED_SHARE = 0.2
"""Least share of lines that open a turn: names are weaker signs of a transcript than codes."""
_NOT_NAMES_WORDS = """
note notes remember yes no well so and but example first second third next finally question answer
also then because actually action actions decision decisions summary background objective objectives
aim aims methods method results result conclusion conclusions discussion introduction references
warning tip important http https
"""
_NOT_NAMES = frozenset(_NOT_NAMES_WORDS.split())


@dataclass(frozen=True, slots=True)
class Label:
    """A speaker's label at the start of a line: `start` to `end` covers the label and its time."""

    speaker: str
    start: int
    end: int
    seconds: float | None
    coded: bool
    """True for a code such as P07 or INT, which is a label wherever it stands; False for a name."""


def role_of(speaker: str | None) -> SpeakerRole:
    """Who a label stands for."""
    code = _NOTE.sub("", speaker or "")
    if not code or _UNKNOWN.fullmatch(code):
        return SpeakerRole.UNKNOWN
    return SpeakerRole.INTERVIEWER if _INTERVIEWER.fullmatch(code) else SpeakerRole.PARTICIPANT


def seconds_of(time: str | None) -> float | None:
    """Seconds from the start for `12:34`, `00:12:34` or `00:12:34.567`; None for None."""
    if time is None:
        return None
    total = 0.0
    for part in time.replace(",", ".").split(":"):
        total = total * 60 + float(part)
    return total


def labels_in(text: str, start: int = 0) -> list[Label]:
    """The labels that open a turn, in order; empty if the text is not a transcript.

    A code such as P07 is a label. A name is one if it recurs; where nobody but the interviewer has a code, a
    name that stands once is one too, since it is worse to merge two speakers than to cut a turn in two.
    """
    candidates = [
        label
        for position, line in lines(text, start)
        if (label := _label(position, line)) and label.speaker.lower() not in _NOT_NAMES
    ]
    counts = Counter(label.speaker for label in candidates)
    sure = [label for label in candidates if label.coded or counts[label.speaker] > 1]
    roles = {role_of(label.speaker) for label in sure if label.coded}
    if roles - {SpeakerRole.INTERVIEWER}:
        return sure if _is_transcript(sure, text, start) else []
    certain = set(sure)
    likely = [label for label in candidates if label in certain or _is_name(label.speaker)]
    return likely if _is_transcript(likely if roles else sure, text, start) else []


def label_of(line: str) -> Label | None:
    """The label that opens a line, if one does."""
    return _label(0, line)


def leading_time(text: str, start: int, end: int) -> tuple[float | None, int]:
    """The time that stands before speech, and where the speech begins after it."""
    match = _SPEECH_TIME.match(text, start, end)
    return (seconds_of(match["time"]), match.end()) if match else (None, start)


def _label(position: int, line: str) -> Label | None:
    match = _LABELLED.match(line[:200]) or _TABBED.match(line) or _ALONE.fullmatch(line)
    if match is None or len(match["label"]) > _MAX_LABEL:
        return None
    speaker = match["label"].strip()
    coded = _CODED.fullmatch(speaker) is not None
    if "colon" not in match.groupdict() and not (any(c.isdigit() for c in speaker) or len(speaker) > 2):
        return None
    time = match["before"] or (match["after"] if "after" in match.groupdict() else None)
    return Label(speaker, position, position + match.end(), seconds_of(time), coded)


def _is_transcript(labels: list[Label], text: str, start: int) -> bool:
    """True if speakers take turns, and turns make up most of the text."""
    counts = Counter(label.speaker for label in labels)
    coded = {label.speaker for label in labels if label.coded}
    asks = any(role_of(speaker) is SpeakerRole.INTERVIEWER for speaker in coded)
    takes_turns = (
        (asks and len(counts) > 1)
        or (coded and len(labels) > 2 and max(counts.values()) > 1)
        or (len(labels) > 3 and sum(count > 1 for count in counts.values()) > 1)
    )
    if not takes_turns or labels[0].start - start > (len(text) - start) / 2:
        return False
    filled = sum(1 for _, line in lines(text, labels[0].start) if line.strip())
    return len(labels) >= (_CODED_SHARE if coded else _NAMED_SHARE) * filled


def _is_name(speaker: str) -> bool:
    words = speaker.partition(" (")[0].split()
    return len(words) <= 4 and all(word != word.lower() for word in words)
