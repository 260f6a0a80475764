"""Reads WebVTT subtitles. The text is what was said: consecutive cues of one speaker make one turn."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from assistant.errors import InputError
from assistant.ingestion.readers.header import document_of, read_header
from assistant.ingestion.readers.lines import lines
from assistant.ingestion.readers.material import Material, Reading
from assistant.ingestion.readers.speakers import label_of, seconds_of
from assistant.ingestion.readers.turns import Utterance, assembled

_TIMING = re.compile(r"\s*((?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3})\s+-->\s+\S.*")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]{1,80})>")
_TAG = re.compile(r"</?[a-zA-Z0-9.:]*(?:\s[^<>]*)?>")


def is_webvtt(text: str) -> bool:
    """True if the text opens as WebVTT must."""
    return re.match(r"WEBVTT(?:[ \t\r\n]|\Z)", text) is not None


def read(material: Material) -> Reading:
    """One document whose blocks are the turns. Raises InputError if no cue holds words."""
    if not is_webvtt(material.text):
        raise InputError("The file does not begin with the line 'WEBVTT'.")
    notes: list[str] = []
    said: list[Utterance] = []
    for block in _blocks(material.text):
        if block[0].startswith("NOTE"):
            notes += [block[0][4:].strip(), *block[1:]]
        else:
            said += _cue(block, said[-1].speaker if said else None)
    if not said:
        raise InputError("No subtitle with words was found.")
    text, blocks = assembled(_merged(said))
    header = read_header("\n".join(line for line in notes if line), transcript=True)
    return Reading((document_of(material, text, blocks, header),))


def _blocks(text: str) -> Iterator[list[str]]:
    """The groups of lines between blank lines, without the opening line."""
    group: list[str] = []
    opening = True
    for line in [*(line for _, line in lines(text)), ""]:
        if line.strip():
            group.append(line)
            continue
        if group[opening:]:
            yield group[opening:]
        opening, group = False, []


def _cue(block: list[str], speaker: str | None) -> list[Utterance]:
    """What is said in a cue; empty for a style, a region or a cue without words."""
    timing = next((index for index, line in enumerate(block) if _TIMING.fullmatch(line)), None)
    if timing is None:
        return []
    match = _TIMING.fullmatch(block[timing])
    seconds = seconds_of(match[1]) if match else None
    payload = "\n".join(block[timing + 1 :])
    parts = _VOICE.split(payload)
    voices = list(zip(parts[1::2], parts[2::2], strict=True))
    if voices:
        said = [Utterance(name.strip(), _words(words), seconds) for name, words in voices]
        return [Utterance(None, _words(parts[0]), seconds), *said] if _words(parts[0]) else said
    return _labelled(payload, speaker, seconds)


def _labelled(payload: str, speaker: str | None, seconds: float | None) -> list[Utterance]:
    """Cue text with labels such as `P07:` at the start of lines; without one, the last speaker goes on."""
    said: list[Utterance] = []
    for line in payload.split("\n"):
        label = label_of(line)
        if label and (label.coded or label.speaker == speaker):
            speaker, line = label.speaker, line[label.end :]
        if words := _words(line):
            said.append(Utterance(speaker, words, seconds))
    return said


def _merged(said: list[Utterance]) -> list[Utterance]:
    turns: list[Utterance] = []
    for utterance in said:
        if not utterance.words:
            continue
        if turns and turns[-1].speaker == utterance.speaker:
            last = turns[-1]
            turns[-1] = Utterance(last.speaker, f"{last.words} {utterance.words}", last.seconds)
        else:
            turns.append(utterance)
    return turns


def _words(payload: str) -> str:
    return " ".join(html.unescape(_TAG.sub("", payload)).split())
