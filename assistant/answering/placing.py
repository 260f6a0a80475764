"""Says under which heading a finding stands and which word may open it, from its codes and its own words.

Where the two coders differ, or a finding may be about another matter, it says nothing rather than guess.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.domain.evidence import Evidence
from assistant.domain.framework import Catalogue, Coding, Finding, Polarity
from assistant.retrieval.asking import Asking
from assistant.retrieval.mechanism_names import MechanismNames

EVIDENCE = "What the evidence says"
HELPS = "What helps"
HINDERS = "What gets in the way"
CONTRARY = "Mixed or negative evidence"
BASE = "How good the evidence is"
HEADINGS = (EVIDENCE, HELPS, HINDERS, CONTRARY, BASE)
"""In the order in which they are shown."""

_CONTRARY = {Polarity.CAUTIONS, Polarity.MIXED}
_ROLES = {"enable": HELPS, "trigger": HELPS, "inhibit": HINDERS}
_AGREEING = 4
"""Findings, the best first, that must all be about one mechanism for a question that does not name it."""
_OF_STUDIES = re.compile(
    r"\b(?:evidence|stud(?:y|ies)|trials?|articles?|papers|sources|evaluations?|reports on|figures"
    r"|research|designs?|literature)\b",
    re.IGNORECASE,
)


def heading_of(finding: Finding) -> str:
    """The heading of a finding that is not in the lead.

    Only what speaks of studies judges the evidence. A finding is called mixed or negative, a help or a
    hindrance where no coder saw it otherwise; what one of them saw as mixed is not called a help.
    """
    if finding.subject == "evidence-base" and _OF_STUDIES.search(finding.statement):
        return BASE
    if all(coding.polarity in _CONTRARY for coding in _codings(finding)):
        return CONTRARY
    headings = {_by_role(coding) for coding in _codings(finding)}
    return headings.pop() if len(headings) == 1 else EVIDENCE


def openings(first: Finding, other: Finding, asking: Asking, asked_about: frozenset[str]) -> tuple[str, str]:
    """The words before the two sentences of the lead; empty unless they weigh the very thing asked about.

    That is a mechanism of `asked_about` which every coder linked to both findings. How good the evidence is,
    and what we infer, may be a caution but speaks neither for a thing nor against it.
    """
    if not (asking.weighs or asking.advice) or not asked_about & _firmly(first) & _firmly(other):
        return "", ""
    sides = _side(first), _side(other)
    weighable = all(f.subject != "evidence-base" and f.kind == "reported" for f in (first, other))
    if asking.weighs and weighable and sides == (Polarity.SUPPORTS, Polarity.CAUTIONS):
        return "In favour: ", "Against: "
    if asking.weighs and weighable and sides == (Polarity.CAUTIONS, Polarity.SUPPORTS):
        return "Against: ", "In favour: "
    return "", "A caution: " if sides == (Polarity.SUPPORTS, Polarity.CAUTIONS) else ""


def asked_of(
    asking: Asking, evidence: Sequence[Evidence], catalogue: Catalogue, names: MechanismNames
) -> frozenset[str]:
    """Ids of the mechanisms that a question is about: those it names.

    Where it doubts the worth of something and names none: those that all of the best findings are about.
    """
    named = names.named(asking.text)
    if named or not asking.weighs:
        return named
    best = [catalogue.findings.get(e.passage.record_id or "") for e in evidence[:_AGREEING]]
    coded = [frozenset(finding.mechanisms) for finding in best if finding is not None]
    return frozenset.intersection(*coded) if len(coded) == _AGREEING else frozenset()


def _by_role(coding: Coding) -> str:
    heading = _ROLES.get(coding.role or "", EVIDENCE)
    return EVIDENCE if heading == HELPS and coding.polarity in _CONTRARY else heading


def _codings(finding: Finding) -> tuple[Coding, ...]:
    return (finding.coding, finding.second_coding) if finding.second_coding else (finding.coding,)


def _side(finding: Finding) -> str | None:
    """The polarity that every coder gave; None if they differ."""
    polarities = {coding.polarity for coding in _codings(finding)}
    return polarities.pop() if len(polarities) == 1 else None


def _firmly(finding: Finding) -> frozenset[str]:
    """The mechanisms that every coder linked."""
    return frozenset.intersection(*(frozenset(coding.mechanisms) for coding in _codings(finding)))
