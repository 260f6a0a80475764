"""Nouns that lean on something said before: "the main types", "the band", "what else"."""

from __future__ import annotations

import re

from assistant.conversation.background import Background, content_words
from assistant.conversation.referents import Referent, names, noun_phrases
from assistant.conversation.words import GROUP_NOUNS, RELATIONAL_NOUNS, TOKEN, is_function_word

_JOINED = re.compile(r"\b(?:of|to|for|in|about|with|between|on|behind)\b", re.I)
_COMPARED = re.compile(r"\b(?:compare|compared|differ|different)\s*[?.!]*$", re.I)
_POINTING = re.compile(r"\b(the|this|that|these|those) (\w+)\b", re.I)


def of_subject(text: str, background: Background) -> str:
    """A question whose last noun says nothing by itself ("the main types"), with "of" and the subject."""
    subject = background.subject
    if subject is None or subject.text.lower() in text.lower():
        return text
    ending = text[len(text.rstrip(" ?.!")) :]
    bare = text.rstrip(" ?.!")
    compared = _COMPARED.search(text)
    if compared and names(text) + noun_phrases(text):
        return f"{bare} {'from' if 'differ' in compared[0] else 'to'} {subject.full}{ending}"
    nouns = content_words(text)
    leaning = bool(nouns) and len(nouns) <= 3 and nouns[-1].lower() in RELATIONAL_NOUNS
    if not leaning or names(text) or _JOINED.search(text):
        return text
    place = text.rindex(nouns[-1]) + len(nouns[-1])
    return f"{text[:place]} of {subject.full}{text[place:]}"


def completed(text: str, background: Background) -> str:
    """ "The experiment" as "the Stanford Experiment": a noun that closes a longer phrase said before."""
    longer_by_noun: dict[str, Referent] | None = None
    for match in _POINTING.finditer(text):
        noun = match[2]
        if noun[0].isupper() or text[match.end() : match.end() + 1] in {"'", "’"}:
            continue
        following = TOKEN.search(text, match.end())
        if is_function_word(noun) or (following and _continues(following, match.end())):
            continue
        if (
            noun in GROUP_NOUNS
            and background.heading
            and background.subject
            and not background.subject.personal
        ):
            return f"{text[: match.end()]} {background.subject.text}{text[match.end() :]}"
        longer_by_noun = _longer(background) if longer_by_noun is None else longer_by_noun
        longer = longer_by_noun.get(noun)
        if longer and longer.text.lower() not in text.lower():
            written = longer.text if "'s " in longer.text else f"the {longer.text}"
            return f"{text[: match.start()]}{written}{text[match.end() :]}"
    return text


def _continues(following: re.Match[str], end: int) -> bool:
    near = following.start() - end <= 1 and following[0][0].isalnum()
    return near and (not is_function_word(following[0]) or following[0].lower() == "of")


def _longer(background: Background) -> dict[str, Referent]:
    """Phrases of more than one word that were said before, the first for each noun that closes one."""
    candidates = [background.subject] if background.subject else []
    for said in (*background.understood[-1:], background.answer):
        candidates += noun_phrases(said)
    found: dict[str, Referent] = {}
    for candidate in candidates:
        words = candidate.text.lower().split()
        if len(words) > 1 and not candidate.relational:
            found.setdefault(words[-1], candidate)
    return found
