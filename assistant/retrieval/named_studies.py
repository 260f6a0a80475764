"""Recognises when a question names a study: by author, year, kind of study, and the words of its title."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

import Stemmer

from assistant.domain.framework import Study

_MENTION = re.compile(
    r"\b(trial|study|studies|review|paper|article|survey|thesis|report|authors?|researchers?|evaluation|rct"
    r"|meta-analysis|conclude[ds]?|work (?:on|by))\b",
    re.IGNORECASE,
)
_PEER_REVIEW = re.compile(r"\bpeer[- ]reviews?\b", re.IGNORECASE)  # a visit, not a paper
_YEAR = re.compile(r"\b(19[89]\d|20[0-4]\d)\b")
_DESIGNS = {
    "trial": r"\btrial|\brct\b|randomi[sz]ed",
    "review": r"\breview|meta-analys",
    "survey": r"\bsurvey|questionnaire",
    "thesis": r"\bthesis|doctoral|ethnograph",
}
_COMMON = frozenset(
    "a an and the of to in on for with by from at is are was were be what which who how did do does it "
    "its this that there say said find found show shown conclude concluded about whether between study "
    "studies review paper report trial survey evaluation author authors research qualitative systematic "
    "result results health care hospital hospitals work works nhs england national programme they them "
    "their".split()
)


@dataclass(frozen=True, slots=True)
class NamedStudy:
    """A study that a question seems to name. `score` is the weight of what fits; see `StudyNames`."""

    study: Study
    score: float


class StudyNames:
    """The names of all studies, weighted by how rare each word is among them."""

    def __init__(self, studies: Mapping[str, Study]) -> None:
        self._stem = Stemmer.Stemmer("english")
        self._studies = list(studies.values())
        self._words = [frozenset(self._stems(self._title_words(s))) for s in self._studies]
        count = len(self._studies)
        every = [w for words in self._words for w in words]
        self._rarity = {w: math.log((count + 1) / every.count(w)) for w in set(every)}

    def best(self, question: str) -> NamedStudy | None:
        """The study the question names, or None if it does not speak of a particular one.

        The score adds: 8 for a number of the study's own sample, 6 for an author's surname, 4 for the right
        year, 2 for the kind of study, and the rarity (log inverse frequency) of each shared title word.
        Below 8 nothing is named.
        """
        question = _PEER_REVIEW.sub("peer visit", question)
        mentions = _MENTION.search(question) or _YEAR.search(question)
        if not mentions and not self._surnames(question) and not _sizes(question):
            return None
        scored = [
            NamedStudy(s, self._score(question, s, w))
            for s, w in zip(self._studies, self._words, strict=True)
        ]
        best = max(scored, key=lambda n: (n.score, n.study.id), default=None)
        return best if best is not None and best.score >= 8.0 else None

    def _score(self, question: str, study: Study, words: frozenset[str]) -> float:
        asked = frozenset(self._stems(re.findall(r"[a-z]+", question.lower())))
        total = sum(self._rarity[w] for w in asked & words)
        years = set(_YEAR.findall(question))
        if years:
            total += 4.0 if str(study.year) in years else -4.0
        total += 6.0 * bool(self._surnames(question) & _surnames_of(study))
        total += 8.0 * bool(_sizes(question) & _sizes(f"{study.sample or ''} {study.strength or ''}"))
        design = f"{study.study_design or ''} {study.title}".lower()
        for pattern in _DESIGNS.values():
            if re.search(pattern, question, re.IGNORECASE):
                total += 2.0 if re.search(pattern, design) else -2.0
        return total

    def _surnames(self, question: str) -> set[str]:
        known = {name for study in self._studies for name in _surnames_of(study)}
        return {name for name in known if re.search(rf"\b{re.escape(name)}\b", question)}

    @staticmethod
    def _title_words(study: Study) -> list[str]:
        described = (study.title, study.study_design, study.setting, study.sample, *study.tags)
        return re.findall(r"[a-z]+", " ".join(part or "" for part in described).lower())

    def _stems(self, words: list[str]) -> list[str]:
        return list(self._stem.stemWords([w for w in words if w not in _COMMON and len(w) > 2]))


def _sizes(text: str) -> set[str]:
    """Numbers of three digits or more that are no years: sizes that single out a study."""
    numbers = {n.replace(",", "") for n in re.findall(r"\d[\d,]*\d", text)}
    return {n for n in numbers if len(n) >= 3 and not _YEAR.fullmatch(n)}


def _surnames_of(study: Study) -> set[str]:
    """Names without initials: "The Nguyen H" is known by "The Nguyen", never by "The" alone."""
    names = {re.sub(r"(?:\s+[A-Z]{1,4})+$", "", author.strip()) for author in study.authors}
    return {name for name in names if len(name) > 2}
