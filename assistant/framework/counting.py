"""Recognises questions that want a count ("How many studies say ...", "Who disagrees?") and what they count.

A question that asks for a count of something the coding does not hold is left to others: None, never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from assistant.domain.advice import ReachQuery
from assistant.domain.framework import Catalogue, Mechanism, Polarity
from assistant.framework.reach import in_place
from assistant.framework.segments import plain, stem

_THINGS = (
    r"(?:studies|study|papers?|findings?|sources?|articles?|publications?|reviews?|bodies of evidence"
    r"|evidence)"
)
_HOW_MANY = re.compile(
    rf"\bhow many\b[^.?!]{{0,40}}\b{_THINGS}\b|\bhow much\b[^.?!]{{0,20}}\bevidence\b"
    rf"|\b(?:number|count|tally) of\b[^.?!]{{0,20}}\b{_THINGS}\b"
    r"|\bhow many\b[^.?!]{0,30}\b(?:say|agree|disagree|found|find|support|back|warn)\b"
)
_DISSENT = re.compile(
    r"\b(?:who|which|what|do|does|did|any|anyone|anybody|how many)\b[^.?!]{0,60}"
    r"\b(?:disagrees?|disagreed|contradicts?|dissents?|says? otherwise|say the opposite|argues? against)\b"
)
_EVIDENCE = (
    r"(?:evidenced?|evidence base|research(?:ed)?|stud(?:y|ies|ied)|proofs?|proven|statistics|stats|data"
    r"|science|trials?|track record|tested|evaluated|backed|supported)"
)
_MOST = r"(?:best|most|strongest|firmest|soundest|solidest|hardest|greatest|surest)"
_LEAST = r"(?:least|weakest|thinnest|fewest|poorest|worst|shakiest)"
_WAY = (
    r"(?:ways?|approach(?:es)?|mechanisms?|methods?|forms?|kinds?|types?|options?|arrangements?|tools?"
    r"|interventions?)"
)
_WHICH_WAY = re.compile(
    rf"\b(?:which|what)\b[^.?!]*\b{_WAY}\b|\b{_WAY}\b[^.?!]*\bwhich\b"
    rf"|\bwhere is (?:the|our|your) {_EVIDENCE}\b"
)
_PLAIN_TEXT = """
all any backing base been behind best better between by care each every exchange far firm good had has have
health here hospital hospitals know knowledge learn learning lessons list listed organisation organisations
other out overall robust share shared sharing so solid sound strong there trust trusts under use used using
where work working works would
"""
_PLAIN = frozenset(_PLAIN_TEXT.split())
_COLLECTION = re.compile(
    r"\b(?:collection|corpus|library|altogether|in all|in total|do you (?:have|hold|know))\b"
)
_CAUTIONS = re.compile(
    r"\b(?:against|caution\w*|warn\w*|negative|harm\w*|do(?:es)? not work|do(?:es)?n't work|fail\w*"
    r"|problems? with)\b"
)
_SUPPORTS = re.compile(
    r"\b(?:support\w*|favour\w*|favor\w*|positive|in favour|back|backs|works?|helps?|benefit\w*)\b"
)
_MIXED = re.compile(r"\b(?:mixed|both ways|undecided|inconclusive)\b")
_ALIASES = {
    "usa": "United States",
    "us": "United States",
    "america": "United States",
    "uk": "United Kingdom",
    "britain": "United Kingdom",
    "dutch": "Netherlands",
    "english": "England",
    "american": "United States",
    "australian": "Australia",
    "canadian": "Canada",
}
_LINKING = frozenset({"for", "of", "and", "or", "the", "a", "between", "its", "in"})
_COUNTING_TEXT = """
a about against all an and any anybody anyone are argue argues at be bodies body come comes
concerned concerning contradict contradicts count cover covers deal deals did disagree disagrees
dissent dissents do does evidence find finding findings for found from have here how i in is it many
me much number of on or otherwise our paper papers piece pieces publication publications regarding
report reported reports review reviews s said say saying says speak speaks studies study source
sources article articles t tally tell that the their them there these they this those to topic us
was we were what which who with you your so opposite
"""
_COUNTING_WORDS = frozenset(_COUNTING_TEXT.split())


def reach_query(question: str, catalogue: Catalogue) -> ReachQuery | None:
    """What a counting question counts; None if it is not one, or counts what is not coded."""
    flat = plain(question)
    dissent = bool(_DISSENT.search(flat))
    if not dissent and not _HOW_MANY.search(flat):
        return None
    names = {"": (), **{m.id: _names(m) for m in catalogue.mechanisms.values()}}
    mechanism, said = _named(_words(question), names)
    framework = catalogue.framework
    factors = {f.id: (f.name, f.id.replace("-", " ")) for f in framework.factors} if framework else {}
    levels = {lv.id: (lv.name, f"{lv.id} level") for lv in framework.levels} if framework else {}
    factor, said = _named(said, factors)
    level, said = _named(said, levels)
    place = _place(question, catalogue)
    beyond = _beyond(question, [*names[mechanism or ""], *factors.get(factor or "", ()), place or ""])
    if not (mechanism or factor or level) and (beyond or not (place or _COLLECTION.search(flat))):
        return None
    return ReachQuery(
        mechanism=mechanism,
        factor=factor,
        level=level,
        polarity=None if dissent else _polarity(" ".join(said)),
        place=place,
        dissent=dissent,
        beyond=beyond,
    )


def asks_what_is_studied(question: str, catalogue: Catalogue) -> bool | None:
    """True if a question asks which way of sharing is studied best, False if least; None if it does not ask.

    A question that names a mechanism or a factor asks about that, and "evidence on X" asks about X.
    """
    flat = plain(question)
    asked = next((s for s in re.split(r"(?<=[.?!])\s+", flat) if _WHICH_WAY.search(s)), None)
    if asked is None or re.search(rf"\b{_EVIDENCE} (?:on|about|for|of|that)\b|{_WAY} of {_EVIDENCE}\b", flat):
        return None
    rest = re.sub(rf"\b(?:{_WAY}|{_EVIDENCE}|{_MOST}|{_LEAST})\b", " ", asked)
    if set(re.findall(r"[a-z]+", rest)) - _COUNTING_WORDS - _PLAIN:
        return None  # it asks about something else besides
    framework = catalogue.framework
    names = [name for m in catalogue.mechanisms.values() for name in _names(m)]
    names += [f.name for f in framework.factors] if framework else []
    if _named(_words(question), {"": tuple(names)})[0] is not None:
        return None
    for extreme, verdict in ((_MOST, True), (_LEAST, False)):
        near = rf"\b{extreme}[ -](?:[a-z]+[ -])?{_EVIDENCE}\b|\b{_EVIDENCE}\b[^.?!]{{0,12}}\b{extreme}\b"
        if re.search(near, flat):
            return verdict
    return None


def _polarity(flat: str) -> str | None:
    for pattern, polarity in (
        (_MIXED, Polarity.MIXED),
        (_CAUTIONS, Polarity.CAUTIONS),
        (_SUPPORTS, Polarity.SUPPORTS),
    ):
        if pattern.search(flat):
            return polarity.value
    return None


def _names(mechanism: Mechanism) -> tuple[str, ...]:
    return (mechanism.name, mechanism.id.replace("-", " "), *mechanism.aka)


def _named(said: list[str], names: Mapping[str, tuple[str, ...]]) -> tuple[str | None, list[str]]:
    """The id whose longest name stands in the words that were said, and the words without that name."""
    stems = [stem(word) for word in said]
    found = [
        (-len(wanted), key, start)
        for key, given in names.items()
        for name in given
        if (wanted := [stem(word) for word in _words(name)])
        for start in range(len(stems) - len(wanted) + 1)
        if stems[start : start + len(wanted)] == wanted
    ]
    if not found:
        return None, said
    size, key, start = min(found)
    return key, [*said[:start], *said[start - size :]]


def _beyond(question: str, names: Iterable[str]) -> tuple[str, ...]:
    """The words of a question that a count does not cover, so that a reader can be told."""
    covered = {stem(word) for name in names for word in _words(name)}
    flat = _CAUTIONS.sub(" ", _SUPPORTS.sub(" ", _MIXED.sub(" ", _COLLECTION.sub(" ", plain(question)))))
    words = re.findall(r"[a-z]+", flat)
    return tuple(
        w for w in words if w not in _COUNTING_WORDS and w not in _ALIASES and stem(w) not in covered
    )


def _words(text: str) -> list[str]:
    return [word for word in re.findall(r"[a-z]+(?:'t)?", plain(text)) if word not in _LINKING]


def _place(question: str, catalogue: Catalogue) -> str | None:
    """A place that some study's setting begins with and that a question names; None if it names none."""
    for word, place in _ALIASES.items():
        shown = word.upper() if len(word) <= 3 else word.capitalize()
        if re.search(rf"\b{shown}\b", question) and any(
            in_place(s, place) for s in catalogue.studies.values()
        ):
            return place
    settings = [study.setting for study in catalogue.studies.values() if study.setting]
    places = {part for setting in settings for part in re.split(r",| and ", setting.split(";")[0])[:2]}
    named = [place.strip() for place in places if place.strip()[:1].isupper()]
    said = [place for place in named if re.search(rf"\b{re.escape(place)}\b", question)]
    return max(said, key=lambda place: (len(place), place)) if said else None
