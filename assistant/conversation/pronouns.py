"""Pronouns that point back to earlier turns, put into words. Empty "it" ("is it worth") is left alone."""

from __future__ import annotations

import re

from assistant.conversation.background import Background
from assistant.conversation.referents import Referent, names, noun_phrases
from assistant.conversation.words import TOKEN, is_function_word, word_set

_PERSON = re.compile(r"\b(he|she|him|his|her|hers)\b", re.I)
_GROUP = re.compile(r"\b(they|them|their|theirs)\b", re.I)
_THING = re.compile(r"\b(it|its)\b(?![’'](?:ll|d))", re.I)
_EMPTY_IT = re.compile(
    r"\b(?:is|was|isn't|would|does|did|will|can|how long|make|makes|made|find) it (?:be |really |not |ever )?"
    r"(?:worth|possible|true|ok|okay|normal|right|wrong|fair|safe|take|matter|help to|make sense"
    r"|better to|best to|easier to|hard to|difficult to|legal to|enough to|that|like to|mean to)\b"
    r"|\bit(?: is| was|'s|’s) (?:not )?\w+ (?:to|that)\b|\bit (?:seems|appears|takes|sounds)\b"
    r"|\bhow (?:is|was) it that\b|\bworth it\b",
    re.I,
)
_CLAUSE_BREAK = re.compile(
    r"[.?!,;:]|\b(?:and|but|or|if|when|because|while|before|after|until|since|that|who)\b", re.I
)
_OPENING = 6
"""A phrase that starts so near the start of an answer is what the answer is about."""
_OWNING = word_set("his its their theirs hers")


def person(text: str, background: Background) -> str:
    """`text` with the first "he", "she" or their forms named."""
    match = _PERSON.search(text)
    if not match or any(n.start < match.start() and n.personal for n in names(text)):
        return text
    if background.heading:
        return _put(text, match, background.subject)
    return _put(text, match, background.person)


def group(text: str, background: Background) -> str:
    """`text` with the first "they" or its forms named."""
    match = _GROUP.search(text)
    if not match or _meant_here(text, match, plural=True):
        return text
    return _put(text, match, _several(background))


def thing(text: str, background: Background) -> str:
    """`text` with the first "it" or "its" named, unless the word is empty."""
    if _EMPTY_IT.search(text):
        return text
    match = _THING.search(text)
    if not match or _meant_here(text, match, plural=False):
        return text
    if not background.heading and background.subject and background.subject.plural:
        return text
    return _put(text, match, background.subject)


def _meant_here(text: str, match: re.Match[str], *, plural: bool) -> bool:
    """True if the pronoun may point to something earlier in the same turn."""
    for phrase in noun_phrases(text[: match.start()]):
        if phrase.plural != plural and not (plural and phrase.named):
            continue
        between = text[phrase.start + len(phrase.text) : match.start()]
        if _CLAUSE_BREAK.search(between) or match[1].lower() in _OWNING:
            return True
    return False


_SENTENCE_END = re.compile(r"[.?!]\s")
_THAT = re.compile(r"\b(?:on|about|of|for|with|to|behind) (this|that|these|those)(?=\s*(?:[?.!]|$))", re.I)


def that(text: str, background: Background) -> str:
    """`text` with a closing "on that" or "about this" named."""
    match = _THAT.search(text)
    subject = background.subject
    if not match or subject is None or subject.text.lower() in text.lower():
        return text
    if _SENTENCE_END.search(text[: match.start()]):
        return text
    return text[: match.start(1)] + subject.full + text[match.end(1) :]


def _several(background: Background) -> Referent | None:
    subject = background.subject
    if background.heading:
        return subject
    if subject and subject.plural:
        return subject
    opening = noun_phrases(background.answer)[:1]
    if opening and opening[0].plural and not opening[0].relational and opening[0].start < _OPENING:
        return opening[0]
    for said in (background.understood[-1] if background.understood else "", background.answer):
        several = [p for p in noun_phrases(said) if p.plural and not p.relational]
        if several:
            return several[0]
    return subject


def _put(text: str, match: re.Match[str], referent: Referent | None) -> str:
    if referent is None or referent.text.lower() in text.lower():
        return text
    written = referent.full if referent.named else referent.full[0].lower() + referent.full[1:]
    rest = text[match.end() :]
    if rest[:2] in {"'s", "’s"}:
        return f"{text[: match.start()]}{written} is{rest[2:]}"
    if _owning(text, match):
        written += "'" if written.endswith("s") and referent.plural else "'s"
    return text[: match.start()] + written + rest


def _owning(text: str, match: re.Match[str]) -> bool:
    word = match[1].lower()
    if word != "her":
        return word in _OWNING
    following = TOKEN.search(text, match.end())
    return bool(following and following[0][0].isalnum() and not is_function_word(following[0]))
