"""Whether evidence holds the kind of figure that a question wants, about the thing it asks about."""

from __future__ import annotations

import re
from collections.abc import Iterable

import Stemmer

from assistant.retrieval.asking import Figure

_NUMBER = r"(?:\d[\d,.]*|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|" \
          r"sixteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|half|dozen|twice|nearly all)\b)"  # fmt: skip
_HOLDS = {
    Figure.SHARE: r"\d\s*%|per ?cent|\bhalf\b|\bthird|\bquarter|\bpercentage points?\b|\b\d+ of (?:the )?\d+\b",
    Figure.MONEY: r"[£$€]\s*\d|\bmillions?\b|\bpounds?\b|\bdollars?\b",
    Figure.STATISTIC: r"\bp\s*[<=]|\bCI\b|confidence interval|\bodds\b.*\d|\br\s*=",
    Figure.SCORE: r"\bscores?\b.*\d|\bout of \d|\bscale\b.*\d|\brating.*\d",
    Figure.DURATION: r"\b(?:\d+|one|two|three|four|five|six|nine|ten|twelve|eighteen)\s+(?:days?|weeks?|months?|years?|hours?|minutes?)",
    Figure.COUNT: _NUMBER,
    Figure.EXTENT: _NUMBER,
}
_COMMON = frozenset(
    "how many much what which who when where why did does do is are was were be been has have had the a an of to in on "
    "for with by from at and or that this those these there it its they them their we our us you your i my me can could "
    "will would should may might exactly exact total number numbers figure figures percentage share proportion per cent "
    "average rate amount sum count any some all more most less least than as if so up out about into give tell please "
    "actually really people get got took take went go say says said one ones each every".split()
)
_STEM = Stemmer.Stemmer("english")


def holds_figure(figure: Figure, text: str) -> bool:
    """True if `text` states a figure of that kind."""
    return bool(re.search(_HOLDS[figure], text, re.IGNORECASE))


def key_stems(text: str) -> frozenset[str]:
    """Stems of the words that carry the meaning of `text`."""
    words = [w for w in re.findall(r"[a-z]{3,}", text.lower()) if w not in _COMMON]
    return frozenset(_STEM.stemWords(words))


def coverage(question: str, texts: Iterable[str]) -> float:
    """The part of the question's key words that the texts hold between them, from 0 to 1; 1.0 if it has none."""
    wanted = key_stems(question)
    if not wanted:
        return 1.0
    held = frozenset(stem for text in texts for stem in key_stems(text))
    return len(wanted & held) / len(wanted)
