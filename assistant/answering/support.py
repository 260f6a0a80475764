"""phi(evidence, statement): does the evidence carry this sentence? One interface for every checker.

The default checker is a set of rules without any model. It cannot reason: it looks for what usually goes
wrong (numbers, names, "not", opposites, roles, scope) and for how much of the sentence the evidence covers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from assistant.answering.support_rules.comparing import Text, coverage, read_sentence, read_text
from assistant.answering.support_rules.objections import objections
from assistant.answering.support_rules.wording import sentences
from assistant.registry import Registry


class SupportLabel(StrEnum):
    """What a checker says of a statement."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    NOT_ENOUGH = "not_enough"


@dataclass(frozen=True, slots=True)
class SupportVerdict:
    """A checker's verdict on one statement."""

    label: SupportLabel
    score: float
    """0 to 1, higher is better supported; `supported` if and only if at least `SUPPORTED_FROM` (rules)."""
    reasons: tuple[str, ...] = ()
    """What speaks against it, each a sentence for people; empty if nothing does."""


Checker = Callable[[str, Sequence[str]], SupportVerdict]

CHECKERS = Registry("support checker", {"rules": "assistant.answering.support:check_by_rules"})
"""Every way to check support. A model's checker is a function of the same form and one more row."""

SUPPORTED_FROM = 0.5
"""Chosen on the development part of three public sets; see DECISIONS.md."""

WEIGHTS = {
    "number": 0.6,
    "name": 0.6,
    "acronym": 0.2,
    "negated": 0.6,
    "new_negation": 0.6,
    "affirmed": 0.6,
    "opposite": 0.6,
    "opposite_near": 0.6,
    "quantity": 0.6,
    "roles": 0.6,
    "direction": 0.6,
    "modality": 0.6,
    "altered": 0.6,
    "absolute": 0.1,
    "hedge": 0.05,
}
"""How much of the score one objection of a rule costs; a rule is counted twice at most."""

_AGAINST = frozenset(
    {"negated", "affirmed", "opposite", "opposite_near", "quantity", "roles", "direction", "altered"}
)
"""Rules whose objection means the evidence says otherwise, and not merely that it is silent."""
_MARKERS = re.compile(r"\s*\[\d+(?:,\s*\d+)*\]")


def check_support(statement: str, evidence: Sequence[str], *, checker: str = "rules") -> SupportVerdict:
    """The verdict of one checker on `statement`, given the texts it claims to rest on.

    A statement made of whole sentences of the evidence, word for word, is supported with score 1.0, whichever
    checker is asked. Nothing to check against, or nothing to check, is `not_enough` with score 0.
    Raises SettingsError for an unknown checker.
    """
    chosen: Checker = CHECKERS.load(checker)
    bare = _MARKERS.sub("", statement).strip()
    if not bare or not any(text.strip() for text in evidence):
        return SupportVerdict(SupportLabel.NOT_ENOUGH, 0.0, ("There is nothing to check it against.",))
    if verbatim(bare, evidence):
        return SupportVerdict(SupportLabel.SUPPORTED, 1.0)
    return chosen(bare, evidence)


def verbatim(statement: str, evidence: Sequence[str]) -> bool:
    """True if every sentence of `statement` is a whole sentence of the evidence, apart from white space.

    A part of a sentence does not count: cut off its "not", it may say the opposite.
    """
    held = {_plain(text[a:b]) for text in evidence for a, b in sentences(text)}
    held |= {_plain(text) for text in evidence}
    own = [_plain(statement[a:b]) for a, b in sentences(statement)]
    return _plain(statement) in held or (bool(own) and all(sentence in held for sentence in own))


def _plain(text: str) -> str:
    return " ".join(text.split())


def check_by_rules(statement: str, evidence: Sequence[str]) -> SupportVerdict:
    """The verdict of the rules. The weakest sentence of `statement` decides."""
    text = _read(tuple(evidence))
    worst = min((_sentence(statement[a:b], text) for a, b in sentences(statement)), key=lambda v: v.score)
    return worst


@lru_cache(maxsize=64)
def _read(evidence: tuple[str, ...]) -> Text:
    return read_text(evidence)


def _sentence(sentence: str, evidence: Text) -> SupportVerdict:
    read = read_sentence(sentence)
    covered = coverage(read, evidence)
    against = objections(read, evidence)
    counts = {rule: sum(o.rule == rule for o in against) for rule in WEIGHTS}
    cost = sum(WEIGHTS[rule] * min(count, 2) for rule, count in counts.items())
    score = round(min(1.0, max(0.0, covered - cost)), 4)
    reasons = tuple(dict.fromkeys(o.reason for o in against))
    if score >= SUPPORTED_FROM:
        return SupportVerdict(SupportLabel.SUPPORTED, score, reasons)
    if covered >= SUPPORTED_FROM and any(counts[rule] for rule in _AGAINST):
        return SupportVerdict(SupportLabel.CONTRADICTED, score, reasons)
    silent = ("The evidence speaks of too little of this sentence.",) if covered < SUPPORTED_FROM else ()
    return SupportVerdict(SupportLabel.NOT_ENOUGH, score, reasons + silent)


def contradicts(claim: str, statement: str) -> bool:
    """True if `statement` denies `claim`, by the same rules."""
    return check_support(claim, (statement,)).label is SupportLabel.CONTRADICTED
