"""Whether evidence holds the kind of figure that a question wants, about the thing it asks about."""

from __future__ import annotations

import re
from collections.abc import Iterable

import Stemmer

from assistant.retrieval.asking import Figure

_NUMBER = (
    r"(?:\d[\d,.]*|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|"
    r"fifteen|sixteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|"
    r"half|dozen|twice|nearly all)\b)"
)
_HOLDS = {
    Figure.SHARE: r"\d\s*%|per ?cent|\bhalf\b|\bthird|\bquarter|\bpercentage points?\b"
    r"|\b\d+ of (?:the )?\d+\b",
    Figure.MONEY: r"[£$€]\s*\d|\d[\d.,]*\s*(?:million|billion|thousand|pounds|dollars|euros|pence)\b",
    Figure.STATISTIC: r"\bp\s*[<=]|\bCI\b|confidence interval|\bodds\b.*\d|\br\s*=",
    Figure.SCORE: r"\bscores?\b.*\d|\bout of \d|\bscale\b.*\d|\brating.*\d",
    Figure.DURATION: r"\b(?:\d+|one|two|three|four|five|six|nine|ten|twelve|eighteen)"
    r"\s+(?:days?|weeks?|months?|years?|hours?|minutes?)",
    Figure.COUNT: _NUMBER,
    Figure.EXTENT: _NUMBER,
}
_COMMON = frozenset(
    "how many much what which who when where why did does do is are was were be been has have had the a "
    "an of to in on for with by from at and or that this those these there it its they them their we our "
    "us you your i my me can could will would should may might exactly exact total number numbers figure "
    "figures percentage share proportion per cent average rate amount sum count any some all more most "
    "less least than as if so up out about into give tell please actually really people get got took take "
    "went go say says said one ones each every".split()
)
_STEM = Stemmer.Stemmer("english")


_COUNTED = re.compile(
    r"\b(?:how many|number of)\s+(?:of\s+)?((?:[a-z-]+\s+){0,3}?[a-z-]{3,})\b", re.IGNORECASE
)
_PEOPLE = frozenset(
    "people person persons staff users members participants respondents experts clinicians nurses doctors "
    "physicians interviews interviewees leaders leads managers patients professionals attendees folk".split()
)
_PLACES = frozenset(
    "sites hospitals trusts organisations organizations providers centres centers institutions teams "
    "pairs practices networks programmes districts markets countries places".split()
)


def holds_figure(figure: Figure, text: str, *, question: str = "", words: Iterable[str] = ()) -> bool:
    """True if `text` states a figure of that kind that `question` does not already quote.

    Where the question says what is counted, people or places must stand near the number, and anything else
    must be spoken of in `text` or in `words`, which say the same in other ways.
    """
    for quoted in re.findall(r"\d+(?:[.,]\d+)*", question):
        text = re.sub(rf"(?<![\d.,]){re.escape(quoted)}(?![.,]?\d)\s*%?", " ", text)
    if not re.search(_HOLDS[figure], text, re.IGNORECASE):
        return False
    return figure is not Figure.COUNT or _counts(text, question, words)


def _counts(text: str, question: str, words: Iterable[str]) -> bool:
    """True if a number in `text` counts what `question` asks for, or the question names nothing counted."""
    asked = _COUNTED.search(question)
    if not asked:
        return True
    noun = asked.group(1).lower().split()[-1]
    kin = next((group for group in (_PEOPLE, _PLACES) if noun in group), None)
    if kin is None:
        spoken = key_stems(" ".join((text, *words)))
        return not (wanted := key_stems(noun)) or bool(wanted & spoken)
    near = re.findall(rf"{_NUMBER}((?:\W+[a-z-]+){{1,5}})", text, re.IGNORECASE)
    return any(word in kin for words in near for word in re.findall(r"[a-z-]+", words.lower()))


def key_stems(text: str) -> frozenset[str]:
    """Stems of the words that carry the meaning of `text`."""
    words = [w for w in re.findall(r"[a-z]{3,}", text.lower()) if w not in _COMMON]
    return frozenset(_STEM.stemWords(words))


def coverage(question: str, texts: Iterable[str]) -> float:
    """The part of the question's key words that the texts hold between them, 0 to 1; 1.0 if it has none."""
    wanted = key_stems(question)
    if not wanted:
        return 1.0
    held = frozenset(stem for text in texts for stem in key_stems(text))
    return len(wanted & held) / len(wanted)
