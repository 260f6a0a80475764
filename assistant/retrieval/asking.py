"""What a question asks for: a figure, a study's result, a comparison, a yes or no, advice, a count.

Reads words only. It decides nothing; the gate and the composer use what it reads.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from assistant.retrieval.premises import read_premise


class Figure(StrEnum):
    """The kind of figure a question wants."""

    COUNT = "count"
    SHARE = "share"
    MONEY = "money"
    STATISTIC = "statistic"
    SCORE = "score"
    DURATION = "duration"
    EXTENT = "extent"


@dataclass(frozen=True, slots=True)
class Asking:
    """What one question asks for."""

    text: str
    figure: Figure | None
    yes_no: bool
    weighs: bool
    """Whether it asks if something is worth doing or works, so that for and against should be weighed."""
    advice: bool
    comparison: bool
    premise: str | None
    """A claim the question takes for granted, in the asker's words; None if it makes none."""
    particulars: bool
    """Whether it asks which or what exactly, not merely whether."""
    short: bool
    """A short question, which deserves a short answer."""


_FIGURES: tuple[tuple[Figure, str], ...] = (
    (
        Figure.STATISTIC,
        r"\bp[- ]values?\b|\bconfidence intervals?\b|\beffect sizes?\b|\bodds ratios?\b"
        r"|\bstandard deviations?\b|\bcorrelations?\b|\bstatistical significance\b",
    ),
    (
        Figure.SCORE,
        r"\bon a scale\b|\bout of (?:5|five|10|ten|100|a hundred)\b|\b(?:what|which) (?:score|rating)s?\b"
        r"|\bhow (?:satisfied|happy) (?:were|was|are|is)\b.*\b(?:score|scale|average)\b",
    ),
    (
        Figure.MONEY,
        r"\bhow much (?:money|cash|funding|budget)\b|\bhow much (?:is|in) ?(?:£|\$|€|pounds|dollars|euros)"
        r"|\bhow much (?:did|does|do|would|will|in|money) .{0,60}\b(?:cost|save|spend|pay|paid|spent|saved)\b"
        r"|\b(?:what|exact|total) (?:sum|amount|cost|price)s?\b|\b(?:per|for each|for every) pound\b"
        r"|\breturn on investment\b|\bwhat .{0,30}\bcosts?\b.{0,20}\?"
        r"|\b(?:salary|yearly|annual|total|unit) costs?\b|\bcosts? per\b"
        r"|\bcost .{1,40} per (?:bed|year|head|site|month)\b"
        r"|\bhow many (?:pounds|million|thousand)\b|\bpayback\b",
    ),
    (
        Figure.SHARE,
        r"\b(?:what|which) (?:share|percentage|per ?cent|proportion|fraction)\b|\bpercentage (?:of|by)\b"
        r"|\bby (?:what (?:percentage|factor|margin)|how many percentage points)\b"
        r"|\bhow (?:big|large|small) a (?:share|proportion)\b"
        r"|\bwhat (?:%|per ?cent\b|rate\b)|\bby how (?:much|many)\b",
    ),
    (Figure.DURATION, r"\bhow many (?:days|weeks|months|years|hours|minutes)\b|\bhow long on average\b"),
    (
        Figure.COUNT,
        r"\bhow many\b|\b(?:what|exact) (?:number|headcount|count)s?\b"
        r"|\b(?:what|which|give|know|exact|total) .{0,12}\bnumber of\b"
        r"|\baverage (?:number|size)\b|\bsample size\b|\bhow often\b",
    ),
    (
        Figure.EXTENT,
        r"\bhow (?:much|far|big|large|strong|likely)"
        r" (?:more|less|better|worse|of|was|were|is|are|do|did)?\b"
        r"|\bgive me (?:a|the|one) (?:number|figure)s?\b|\bwhat(?:'s| is| was) the (?:figure|number)s?\b",
    ),
)

_YES_NO = re.compile(
    r"(?:^|[.!?;:,]\s*|\bso\s+|\band\s+|\bbut\s+)"
    r"(?:is|are|was|were|do|does|did|has|have|had|can|could|should|would|will|am|any)"
    r"\s+\w[^?.!]{2,}\?",
    re.IGNORECASE,
)
_ADVICE = re.compile(
    r"\bshould (?:we|i|they|you|our|my|it)\b|\bhow (?:do|can|should|might|would|could|best|to)\b"
    r"|\bwhat (?:should|can|could|would|do) (?:we|i|you|they)\b|\bworth (?:our|my|the|it|doing|a)\b"
    r"|\bany (?:advice|ideas|tips)\b|\bwhat now\b|\bwhere do (?:we|i) start\b"
    r"|\b(?:recommend|suggest|advise)\b|\bhelp us\b|\bwhat (?:is|are) the best\b"
    r"|\bgood (?:move|idea)\b|\bwould (?:we|i|it) be\b|\bwhat (?:next|first)\b"
    r"|\bis it (?:wise|sensible|safe)\b",
    re.IGNORECASE,
)
_WEIGHS = re.compile(
    r"\bworth\b|\bshould (?:we|i|they)\b|\bgood (?:idea|move)\b|\b(?:wise|daft|sensible)\b"
    r"|\bany (?:good|use)\b|\bpoint (?:in|of)\b|\bpay(?:s)? off\b"
    r"|\bdo(?:es)? (?:it|they|this|that|these) (?:really )?work\b",
    re.IGNORECASE,
)
_WH = re.compile(r"\b(?:what|when|how|who|which|where|why|whose)\b")
_COMPARISON = re.compile(
    r"\bor (?!not\b|so\b|more\b|less\b|anything\b|something\b|two\b)\w+|\bversus\b|\bvs\b"
    r"|\bcompared (?:with|to)\b|\b(?:better|worse|more|less|faster|cheaper) than\b"
    r"|\bwhich (?:of|one|is|works|would)\b|\bdifference between\b|\brather than\b|\beither\b",
    re.IGNORECASE,
)
_PARTICULARS = re.compile(
    r"\b(?:what|which|whose|exactly|precisely|list|detail(?:s|ed)?|specific(?:s|ally)?|spell(?:ed)? out)\b"
)
SHORT_WORDS = 14


def read_asking(text: str) -> Asking:
    """What `text` asks for."""
    lowered = text.lower().replace("’", "'")
    figure = next((kind for kind, pattern in _FIGURES if re.search(pattern, lowered)), None)
    return Asking(
        text=text,
        figure=figure,
        yes_no=bool(_YES_NO.search(text)),
        weighs=_weighs(lowered) and not _COMPARISON.search(lowered),
        advice=bool(_ADVICE.search(lowered)),
        comparison=bool(_COMPARISON.search(lowered)),
        premise=read_premise(text),
        particulars=bool(_PARTICULARS.search(lowered)),
        short=len(text.split()) <= SHORT_WORDS,
    )


def _weighs(text: str) -> bool:
    """True if some sentence asks whether, not how or what, something is worth doing or works."""
    return any(
        (found := _WEIGHS.search(sentence)) is not None and not _WH.search(sentence[: found.start()])
        for sentence in re.split(r"(?<=[.?!])\s+", text)
    )
