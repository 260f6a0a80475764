"""Who speaks, and when: labels such as `P07:` or `Project Manager:`, and times such as `[00:12:34]`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
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
_NAME = r"[A-Z][\w.'’-]*(?: (?:[\w.'’&/-]+|\([^()\r\n]{1,40}\))){0,5}"
_LABELLED = re.compile(
    rf"[ \t]*(?:[\[(]?(?P<before>{TIME})[\])]?[ \t]*[-–]?[ \t]*)?(?:\*\*|__)?"
    rf"(?P<label>{_CODE}|{_NAME})(?:\*\*|__)?"
    rf"(?:[ \t]*[\[(](?P<after>{TIME})[\])])?(?:\*\*|__)?[ \t]*(?P<colon>:)(?:\*\*|__)?(?!//)"
)
_TABBED = re.compile(rf"(?:[\[(]?(?P<before>{TIME})[\])]?[ \t]*)?(?P<label>{_CODE})\t")
_ALONE = re.compile(
    rf"[ \t]*(?:[\[(]?(?P<before>{TIME})[\])]?[ \t]*)?(?:\*\*)?(?P<label>{_CODE})(?:\*\*)?"
    rf"(?:[ \t]*[\[(](?P<after>{TIME})[\])])?[ \t]*"
)
_SPEECH_TIME = re.compile(rf"[ \t]*[\[(](?P<time>{TIME})[\])][ \t]*")
_CODED = re.compile(_CODE)
_INTERVIEWER = re.compile(
    r"(?:I|IV|INT|INTERVIEWER|Q|MOD|MODERATOR|FAC|FACILITATOR|RESEARCHER)[ _-]?(?:\d{0,3}|[A-Z])",
    re.IGNORECASE,
)
_UNKNOWN = re.compile(r"\w*\?+|(?:UNKNOWN|SPEAKER \?).*", re.IGNORECASE)
_MAX_LABEL = 48
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
    if not speaker or _UNKNOWN.fullmatch(speaker):
        return SpeakerRole.UNKNOWN
    return SpeakerRole.INTERVIEWER if _INTERVIEWER.fullmatch(speaker) else SpeakerRole.PARTICIPANT


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

    A code such as P07 is a label. A name is one if labels by name recur; in a text labelled by codes it is
    speech.
    """
    candidates = [label for position, line in lines(text, start) if (label := _label(position, line))]
    coded = [label for label in candidates if label.coded]
    if _is_interview(coded):
        return coded
    named = _named(candidates)
    return named if _is_meeting(named, text[start:]) else []


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


def _is_interview(labels: list[Label]) -> bool:
    counts = Counter(label.speaker for label in labels)
    asks = any(role_of(speaker) is SpeakerRole.INTERVIEWER for speaker in counts)
    return (asks and len(counts) >= 2) or (len(labels) >= 3 and max(counts.values()) >= 2)


def _named(candidates: Iterable[Label]) -> list[Label]:
    return [label for label in candidates if label.coded or label.speaker.lower() not in _NOT_NAMES]


def _is_meeting(labels: list[Label], text: str) -> bool:
    counts = Counter(label.speaker for label in labels)
    recurring = {speaker for speaker, count in counts.items() if count >= 2}
    if len(recurring) < 2 or len(labels) < 4:
        return False
    filled = sum(1 for _, line in lines(text) if line.strip())
    return len(labels) >= 0.3 * filled
