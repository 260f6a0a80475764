"""Words that turn a sentence round, narrow it, or weaken it; and words that mean nearly the same.

General English only, written for this project: no word list of anyone else, no words of one subject.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from assistant.answering.support_rules.wording import stem


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _lines(name: str) -> list[str]:
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@lru_cache(maxsize=1)
def _opposites() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for line in _lines("opposites.txt"):
        left, _, right = line.partition("/")
        for opposite in right.split():
            table.setdefault(stem(left), set()).add(stem(opposite))
            table.setdefault(stem(opposite), set()).add(stem(left))
    return {word: frozenset(others) for word, others in table.items()}


@lru_cache(maxsize=1)
def _groups() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for line in _lines("alike.txt"):
        group = {stem(word) for word in line.split()}
        for word in group:
            table.setdefault(word, set()).update(group)
    return {word: frozenset(others) for word, others in table.items()}


NEGATIVE_PREFIXES = ("un", "in", "im", "ir", "il", "non", "dis", "non-", "anti", "anti-")
NEGATIONS = _set(
    """not no never none nobody nothing neither nor cannot without lack lacks lacked lacking fail fails
    failed failing unable refuse refuses refused deny denies denied hardly barely rarely seldom
    avoid avoids avoided absence absent except unlike instead rather"""
)
ABSOLUTES = _set(
    """all every always never only solely exclusively entirely completely totally guarantee guarantees
    guaranteed must any each none everyone everybody nobody proves prove proven proved certainly
    definitely undoubtedly"""
)
HEDGES = _set(
    """may might could possibly perhaps potentially potential suggest suggests suggested appear appears
    appeared seem seems seemed likely probably some sometimes partly tend tends can tentative
    hypothesise hypothesize expected"""
)

DIRECTIONS = {
    "more": frozenset({"less", "fewer"}),
    "less": frozenset({"more", "greater"}),
    "fewer": frozenset({"more"}),
    "most": frozenset({"least", "fewest", "few"}),
    "least": frozenset({"most"}),
    "few": frozenset({"most", "many"}),
    "many": frozenset({"few"}),
    "before": frozenset({"after"}),
    "after": frozenset({"before"}),
    "without": frozenset({"with"}),
    "above": frozenset({"below", "under"}),
    "below": frozenset({"above", "over"}),
    "over": frozenset({"under", "below"}),
    "under": frozenset({"over", "above"}),
    "inside": frozenset({"outside"}),
    "outside": frozenset({"inside", "within"}),
    "up": frozenset({"down"}),
    "down": frozenset({"up"}),
}
"""Little words that point one way, and those that point the other."""

OBLIGES = _set("""must will shall always certainly definitely never guarantee guarantees guaranteed""")
PERMITS = _set("may might can could possibly perhaps potentially sometimes often usually")

PLACES = _set(
    """africa african america american argentina argentinian asia asian australia australian austria
    austrian belgium belgian bolivia brazil brazilian britain british canada canadian chile china
    chinese colombia croatia czech danish denmark dutch egypt egyptian england english ethiopia
    europe european finland finnish france french german germany ghana greece greek hungarian
    hungary iceland india indian indonesia iran iraq ireland irish israel israeli italian italy
    japan japanese kenya kenyan korea korean london malawi malaysia mexican mexico morocco
    mozambique nepal netherlands nigeria nigerian norway norwegian pakistan peru poland polish
    portugal portuguese romania russia russian rwanda scotland scottish singapore slovenia spain
    spanish sweden swedish swiss switzerland taiwan tanzania thailand turkey turkish uganda ukraine
    vietnam wales welsh zambia zimbabwe"""
)
"""Countries and their people: a name even where it opens a sentence."""

QUANTIFIERS = {
    "no": 0,
    "none": 0,
    "few": 1,
    "fewest": 1,
    "minority": 1,
    "some": 2,
    "several": 2,
    "half": 3,
    "many": 3,
    "most": 4,
    "majority": 4,
    "all": 5,
    "every": 5,
    "each": 5,
}
"""How much of a whole, from none to all; neighbours on this ladder are not taken for contradictions."""


def alike(word: str) -> frozenset[str]:
    """Stems that may stand for the stem `word`, itself among them."""
    return _groups().get(word, frozenset()) | {word}


def opposites(lower: str, word: str) -> frozenset[str]:
    """Stems that turn a sentence round in place of this word: those listed, and it with or without "un"."""
    turned = {
        stem(lower[len(p) :]) for p in NEGATIVE_PREFIXES if lower.startswith(p) and len(lower) > len(p) + 3
    }
    turned |= {stem(prefix + lower) for prefix in NEGATIVE_PREFIXES} if len(lower) > 3 else set()
    return _opposites().get(word, frozenset()) | frozenset(turned)
