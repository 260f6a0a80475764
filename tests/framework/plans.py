"""Plans for tests, made from the real corpus without a model or a store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import count

from assistant.domain.advice import Advice, Profile
from assistant.domain.answers import Citation, CitedAdvice, Receipt
from assistant.domain.plan import Plan
from assistant.framework.plan import make_plan
from tests.framework.conftest import build_adviser, load_catalogue

START = date(2026, 12, 1)
STORY = (
    "A national programme paired us with a hospital that is far ahead. Our analysts have no time to write "
    "anything down, both of us fear losing face, and the money ends next year. Two people hold our contacts."
)


def cited(advice: Advice, situation: str, *, left_out: frozenset[str] = frozenset()) -> CitedAdvice:
    """Advice in which every finding of the corpus may be shown, but for those left out."""
    findings = load_catalogue().findings
    numbers = count(1)
    citations = {
        key: Citation(
            next(numbers), f"{key}:0-9", key, finding.study_id, finding.statement, 0, len(finding.statement)
        )
        for key, finding in findings.items()
        if key not in left_out
    }
    return CitedAdvice(situation, advice, citations, Receipt({}))


def told(situation: str = STORY) -> CitedAdvice:
    return cited(build_adviser().advise(situation), situation)


def unknown() -> CitedAdvice:
    """Advice on a situation nothing is known of; all cards are there, none is recommended."""
    return cited(build_adviser().advise(profile=Profile()), "")


def plan(*mechanisms: str, given: CitedAdvice | None = None, start: date = START) -> Plan:
    return make_plan(given or told(), load_catalogue(), start=start, mechanisms=mechanisms)


def every_page(given: CitedAdvice) -> Sequence[Plan]:
    """One plan for each mechanism of the catalogue."""
    return [plan(key, given=given) for key in load_catalogue().mechanisms]
