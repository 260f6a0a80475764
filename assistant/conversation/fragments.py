"""Questions that are no whole sentence: "why?", "and for X?", "which came first?", "the second one"."""

from __future__ import annotations

import re

from assistant.conversation.background import Background, has_clause
from assistant.conversation.referents import names, noun_phrases
from assistant.conversation.words import AUXILIARIES, ORDINALS, TOKEN, VERBS

_WHY = re.compile(
    r"(?:and |but |so |ok |okay )?(why|how come|how so|why not|why so|how|in what way"
    r"|why (?:is|was) (?:that|this))[ ?.!]*$",
    re.I,
)
_CORRECTION = re.compile(
    r"(?:no|sorry)[,. ]+i (?:meant|mean|was asking about) (?!how |what |to )([^.!?]{2,80})[.!?]*$", re.I
)
_LEAD = re.compile(r"^(?:and|but|so|or)\b[, ]*", re.I)
_PREPOSITION = re.compile(
    r"(?:for|in|with|at|from|on|by|without|between|within|outside|during|among|if|when|unless|where)\b", re.I
)
_MORE = re.compile(
    r"(?:please )?(?:tell me|say|know|hear|want) more(?: please)?[ .?!]*$|more(?: details?| please)?[ .?!]*$",
    re.I,
)
_COURTESY = re.compile(
    r"(?:ok(?:ay)?|great|good|fine|thanks?|thank you|cheers|hello|hi|bye|yes|no|sure)\b[\w ,]{0,20}[.!]*$",
    re.I,
)
_POINTS = frozenset(["point", "item", "thing", "option", "reason"])
_ABOUT = re.compile(r"(?:what|how) about\b", re.I)
_OPENS_PHRASE = re.compile(r"(?:for|in|with|at|from|on|to|by|without|just|only|any|the|other|more)\b", re.I)
_WHICH = re.compile(r"\bwhich(?: ones?)?\b(?! of\b)", re.I)
_ORDINAL = re.compile(
    r"\bthe (first|second|third|fourth|fifth|last|former|latter|other)(?: one)?\b(?! \w+ (?:one|of))", re.I
)
_ONES = re.compile(r"\b(?:the |those |these )?ones\b", re.I)
_SENTENCE = re.compile(r"(?<=[.!?;])\s+")
_ITEM = re.compile(r"\s*(?:,| and | or |;|\n)\s*(?:and |or )?")
_MOST_WORDS = 40


def corrected(text: str, background: Background) -> str:
    """ "No, I meant X" as the question before, with X said."""
    match = _CORRECTION.match(text)
    if not match or not background.understood:
        return text
    return f"{background.understood[-1].rstrip(' ?.!')} (meaning {match[1]})?"


def reason(text: str, background: Background) -> str:
    """A bare "why?" with what was said last."""
    match = _WHY.match(text)
    if not match:
        return text
    said = background.answer or (background.understood[-1] if background.understood else "")
    first = _SENTENCE.split(said)[0].rstrip(" .?!,;:")
    if not first or len(first.split()) > _MOST_WORDS:
        return text
    return f"{match[1].capitalize()}: {first}?"


def phrase(text: str, background: Background) -> str:
    """A phrase that is no question by itself ("and for X?", "downsides?"), with what it is about."""
    bare = _LEAD.sub("", text, count=1)
    led = bare != text
    subject = background.subject
    if is_courtesy(text):
        return text
    if _MORE.search(bare) and subject:
        return f"{text.rstrip(' ?.!')} about {subject.full}{text[len(text.rstrip(' ?.!')) :]}"
    opened = led or _ABOUT.match(bare) or _OPENS_PHRASE.match(bare) or len(bare.split()) <= 3
    if not opened or subject is None or _starts_with_verb(bare) or (has_clause(bare) and not led):
        return text
    last = background.understood[-1] if background.understood else ""
    if _PREPOSITION.match(bare) and last.endswith("?") and len(last.split()) <= _MOST_WORDS:
        return f"{last.rstrip(' ?.!')}, {bare.rstrip(' ?.!')}?"
    if subject.text.lower() in text.lower() or (names(bare) and not led):
        return text
    ending = text[len(text.rstrip(" ?.!")) :]
    return f"{text.rstrip(' ?.!')} (about {subject.full}){ending}"


def is_courtesy(text: str) -> bool:
    """True for thanks, greetings and the like, which ask nothing."""
    return bool(_COURTESY.match(text.strip())) and "?" not in text


def _starts_with_verb(text: str) -> bool:
    words = TOKEN.findall(text)
    return bool(words) and (words[0].lower() in AUXILIARIES or words[0].lower() in VERBS)


def which(text: str, background: Background) -> str:
    """ "Which came first?" with the things to choose from."""
    match = _WHICH.match(text)
    following = TOKEN.search(text, match.end()) if match else None
    if not match or not following or following[0].lower() not in VERBS | {"is", "are", "was", "were", "has"}:
        return text
    asked = background.asked[-1] if background.asked else ""
    several = [p for p in noun_phrases(asked) if p.plural] or [
        p for p in noun_phrases(background.answer) if p.plural
    ]
    if not several:
        return text
    return f"{match[0]} of the {several[-1].text}{text[match.end() :]}"


def ordinal(text: str, background: Background) -> str:
    """ "The second one", "the other" and "the ones" with what they point to in the last answer."""
    match = _ORDINAL.search(text)
    following = TOKEN.search(text, match.end()) if match else None
    if following and following[0].lower() in _POINTS and match:
        item = _pointed_at(match[1].lower(), background)
        return f"{text[: following.end()]} ({item}){text[following.end() :]}" if item else text
    whole = match and (match[0].lower().endswith(" one") or not following or not _noun_like(following[0]))
    if match and whole:
        item = _pointed_at(match[1].lower(), background)
        return f"{text[: match.end()]} ({item}){text[match.end() :]}" if item else text
    ones = _ONES.search(text)
    several = [p for p in noun_phrases(background.answer) if p.plural] if ones else []
    if ones and several:
        return f"{text[: ones.start()]}the {several[0].text}{text[ones.end() :]}"
    return text


def _noun_like(word: str) -> bool:
    return (
        word[0].isalnum()
        and word.lower() not in AUXILIARIES | VERBS
        and word.lower() not in {"back", "and", "or"}
    )


def _pointed_at(word: str, background: Background) -> str:
    """The item that an ordinal picks from the last answer: a sentence, else part of a list; or empty."""
    sentences = [s.strip(" .!?;") for s in _SENTENCE.split(background.answer) if s.strip(" .!?;")]
    items = sentences if len(sentences) > 1 else [i for i in _ITEM.split(background.answer) if i.strip()]
    if len(items) < 2:
        return ""
    place = 1 if word == "other" and len(items) == 2 else ORDINALS.get(word)
    if place is None or place >= len(items):
        return ""
    return " ".join(items[place].split()[:12]).strip(" .")
