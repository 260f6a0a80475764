"""Answers to counting questions: counted over the coded findings, never over what a search happened to find.

Says how many studies and bodies of evidence speak of something and who disagrees, and points to each finding
it counted, so that the check can count them again. Words of the question that no count covers are named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.answering.advised import stored_findings
from assistant.answering.attribution import attributed, kind_of_study
from assistant.answering.stored import StoredWords
from assistant.answering.tallying import tally_of
from assistant.domain.advice import ReachCount, ReachQuery
from assistant.domain.answers import (
    Decision,
    Draft,
    DraftStatement,
    Pointer,
    Reason,
    State,
    StatementKind,
    Tally,
)
from assistant.domain.conversation import Question
from assistant.domain.documents import Passage
from assistant.domain.evidence import Evidence
from assistant.domain.framework import Catalogue, Polarity
from assistant.framework.counting import asks_what_is_studied, reach_query
from assistant.framework.people import people_by_group
from assistant.framework.reach import count, counted
from assistant.retrieval.hybrid import Found

_SHOWN = 6
"""Negative cases whose words are shown; the count of them cites every one."""
_SAY = {
    None: "speak of {}",
    Polarity.SUPPORTS: "speak in favour of {}",
    Polarity.CAUTIONS: "caution against {} or warn about it",
    Polarity.MIXED: "give a mixed picture of {}",
    Polarity.CONTEXT: "give background on {}",
}
_DISAGREE = "Who disagrees"
_FIGURE = re.compile(r"\d")
_COMPARED = 5
"""How many mechanisms are named where it is asked which is studied best or least."""
_FIRM = (
    "a randomised trial",
    "a review of randomised trials",
    "a systematic review",
    "a realist review",
    "a statistical study",
)
"""Designs that count first where mechanisms are compared by how they were studied; our judgement."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A counting question answered: what was counted, as evidence, and the draft that says so."""

    reach: ReachCount
    found: Found
    decision: Decision
    draft: Draft


class CountingDesk:
    """Counts for questions that want a count."""

    def __init__(self, store: StoredWords, catalogue: Catalogue) -> None:
        self._store = store
        self._catalogue = catalogue
        self._people = people_by_group(catalogue.studies.values())

    def count(self, question: Question) -> Counted | None:
        """The count that a question asks for; None if it asks for none, or for one the coding cannot give."""
        query = reach_query(question.standalone, self._catalogue)
        if query is None:
            return self._overview(asks_what_is_studied(question.standalone, self._catalogue))
        reach = count(query, self._catalogue, participants=self._people)
        if not reach.findings:
            return self._none(query, reach)
        passages = stored_findings(reach.findings, self._store, self._catalogue)
        what = self._what(query)
        whole = self._tallied(reach.findings, passages, lambda tally: _whole(tally, query, what))
        if not passages:
            return self._refused(reach, f"{whole.text} None of them may be quoted here.")
        statements = (whole, *self._dissent(reach, passages))
        draft = Draft(statements, gaps=self._gaps(reach, passages), follow_ups=self._next(query))
        return Counted(reach, _found(passages), _answering(passages), draft)

    def _overview(self, most: bool | None) -> Counted | None:
        """Which mechanisms were studied most or least, each with its firmest finding; None if not asked."""
        if most is None:
            return None
        counts = {
            key: count(ReachQuery(mechanism=key), self._catalogue) for key in self._catalogue.mechanisms
        }
        order = sorted(counts, key=lambda key: (*self._weight(counts[key]), key), reverse=most)
        passages: dict[str, Passage] = {}
        statements: list[DraftStatement] = []
        for reach in (counts[key] for key in order):
            held = stored_findings(reach.findings, self._store, self._catalogue)
            fresh = [key for key in held if key not in passages]
            if fresh and len(statements) < _COMPARED:
                firmest = min(fresh, key=self._firmness)
                passages[firmest] = held[firmest]
                statements.append(self._studied(reach, held[firmest], firmest, lead=not statements))
        if not statements:
            return None
        names = [_inside(self._catalogue.mechanisms[key].name) for key in order[:3]]
        asks = tuple(f"What is the evidence on {name}?" for name in names)
        draft = Draft(tuple(statements), gaps=_weighed(len(order), most=most), follow_ups=asks)
        return Counted(counts[order[0]], _found(passages), _answering(passages), draft)

    def _weight(self, reach: ReachCount) -> tuple[int, int, int]:
        """Bodies of evidence with a firm design, all bodies of evidence, findings."""
        firm = {
            self._catalogue.studies[key].evidence_group
            for key in reach.studies
            if kind_of_study(self._catalogue.studies[key]) in _FIRM
        }
        return len(firm), len(reach.groups), len(reach.findings)

    def _firmness(self, key: str) -> tuple[bool, bool, bool, str]:
        """Sorts the finding of the firmest design first, then one that takes a side, then one of figures."""
        finding = self._catalogue.findings[key]
        firm = kind_of_study(self._catalogue.studies[finding.study_id]) in _FIRM
        return not firm, finding.polarity == Polarity.CONTEXT, not _FIGURE.search(finding.statement), key

    def _studied(self, reach: ReachCount, passage: Passage, key: str, *, lead: bool) -> DraftStatement:
        """The firmest finding on a mechanism, under a heading that says how much it was studied."""
        finding = self._catalogue.findings[key]
        name = self._catalogue.mechanisms[reach.query.mechanism or ""].name
        counted_words = f"{_findings(len(reach.findings))}, {_groups(len(reach.groups))}"
        inferred = finding.kind == "inference"
        return DraftStatement(
            attributed(finding, self._catalogue.studies[finding.study_id]),
            StatementKind.INFERENCE if inferred else StatementKind.REPORTED,
            f"{name}: {counted_words}",
            (Pointer(passage.id),),
            lead=lead,
        )

    def _dissent(self, reach: ReachCount, passages: Mapping[str, Passage]) -> Iterable[DraftStatement]:
        """The negative cases: how many, and the words of the first. None if one kind alone was counted."""
        if reach.query.polarity is not None or not any(key in passages for key in reach.negative):
            return
        yield self._tallied(reach.negative, passages, _part)
        for key in [key for key in reach.negative if key in passages][:_SHOWN]:
            finding = self._catalogue.findings[key]
            inferred = finding.kind == "inference"
            yield DraftStatement(
                attributed(finding, self._catalogue.studies[finding.study_id]),
                StatementKind.INFERENCE if inferred else StatementKind.REPORTED,
                _DISAGREE,
                (Pointer(passages[key].id),),
            )

    def _tallied(
        self, finding_ids: Sequence[str], passages: Mapping[str, Passage], words: Callable[[Tally], str]
    ) -> DraftStatement:
        """One sentence that states a count, pointing to everything it counted that may be quoted."""
        unquoted = [key for key in finding_ids if key not in passages]
        tally = tally_of(finding_ids, self._catalogue, unquoted=unquoted)
        pointers = tuple(Pointer(passages[key].id) for key in finding_ids if key in passages)
        return DraftStatement(words(tally), StatementKind.INFERENCE, "", pointers, lead=True, tally=tally)

    def _what(self, query: ReachQuery) -> str:
        """What is counted, in words."""
        catalogue, framework = self._catalogue, self._catalogue.framework
        named = []
        if query.mechanism:
            named.append(_inside(catalogue.mechanisms[query.mechanism].name))
        if query.factor and framework:
            named.append(_inside(framework.factor(query.factor).name))
        if query.level and framework:
            level = next(level for level in framework.levels if level.id == query.level)
            named.append(f"the level “{_inside(level.name)}”")
        what = " together with ".join(named) or "sharing what is known between organisations"
        return f"{what}, in {query.place}" if query.place else what

    def _next(self, query: ReachQuery) -> tuple[str, ...]:
        """Questions on the same matter that are answered from the findings themselves."""
        if query.mechanism is None:
            return ()
        name = _inside(self._catalogue.mechanisms[query.mechanism].name)
        return (f"What is the evidence on {name}?", f"What gets in the way of {name}?")

    def _gaps(self, reach: ReachCount, passages: Mapping[str, Passage]) -> tuple[str, ...]:
        """What a careful reader of a count should know."""
        query = reach.query
        gaps = []
        if query.beyond:
            words = ", ".join(f"“{word}”" for word in query.beyond)
            gaps.append(f"The count does not look at these words of your question: {words}.")
        if query.polarity is None and not reach.negative:
            gaps.append("None of these findings cautions or gives a mixed picture, as we coded them.")
        more = len([key for key in reach.negative if key in passages]) - _SHOWN
        if more > 0 and query.polarity is None:
            gaps.append(f"The words of {more} more that caution or are mixed are under the numbers above.")
        unquoted = len([key for key in reach.findings if key not in passages])
        if unquoted:
            gaps.append(f"{_findings(unquoted)} counted here may not be quoted, so no number leads there.")
        if query.mechanism or query.factor or query.level:
            gaps.append(_firmly(reach))
        gaps.append(_people(reach))
        if reach.unread:
            unread = len(reach.unread)
            counted_too = "is not counted" if unread == 1 else "are not counted"
            gaps.append(f"{_studies(unread)} on this could not be read and {counted_too}.")
        return tuple(gaps)

    def _none(self, query: ReachQuery, reach: ReachCount) -> Counted:
        """The answer where the count is nought: out of how many, if anything is coded on the matter."""
        base = count(replace(query, polarity=None), self._catalogue, participants=self._people)
        passages = stored_findings(base.findings, self._store, self._catalogue)
        what = self._what(query)
        if not passages:
            every = len(counted(self._catalogue))
            return self._refused(
                reach, f"The count is 0: none of the {every} findings here speaks of {what}."
            )
        said = self._tallied(base.findings, passages, lambda tally: _nought(tally, query, what))
        gaps = self._gaps(replace(base, query=query), passages)
        draft = Draft((said,), gaps=gaps, follow_ups=self._next(query))
        return Counted(reach, _found(passages), _answering(passages), draft)

    def _refused(self, reach: ReachCount, because: str) -> Counted:
        decision = Decision(State.REFUSED, Reason.NOTHING_FOUND, because, missing=(because,))
        return Counted(reach, _found({}), decision, Draft(()))


def _weighed(ways: int, *, most: bool) -> tuple[str, ...]:
    end = "most" if most else "least"
    return (
        f"These are the {end} firmly studied of {ways} ways, each with the finding of its firmest study.",
        "Reviews, trials and statistical studies were put first; that order is our judgement, not a grade.",
        "Much studied does not mean that it works, and many of these studies are not about going digital.",
    )


def _found(passages: Mapping[str, Passage]) -> Found:
    """What was counted, as evidence; all count alike."""
    evidence = tuple(Evidence(passage, rank, 1.0) for rank, passage in enumerate(passages.values(), 1))
    return Found(evidence, np.zeros(0, dtype=np.float32))


def _answering(passages: Mapping[str, Passage]) -> Decision:
    return Decision(State.GROUNDED, admitted=tuple(passage.id for passage in passages.values()))


def _sort(query: ReachQuery) -> Polarity | None:
    return Polarity(query.polarity) if query.polarity else None


def _whole(tally: Tally, query: ReachQuery, what: str) -> str:
    verb = _SAY[_sort(query)].format(what)
    if tally.studies == 1:
        first, _, rest = verb.partition(" ")
        verb = f"{first}s {rest}".replace(" or warn ", " or warns ")
    return (
        f"{_studies(tally.studies)} here {verb}: {_findings(tally.findings)}, from {_groups(tally.groups)}."
    )


def _part(tally: Tally) -> str:
    where = f"from {_studies(tally.studies)} and {_groups(tally.groups)}"
    verb = "cautions or gives" if tally.findings == 1 else "caution or give"
    return f"Of these, {_findings(tally.findings)} {verb} a mixed picture, {where}."


def _nought(tally: Tally, query: ReachQuery, what: str) -> str:
    counted_words = (
        f"{_findings(tally.findings)} on {what} ({_studies(tally.studies)}, {_groups(tally.groups)})"
    )
    return f"The count is nought: of the {counted_words}, none is coded to {_SAY[_sort(query)].format('it')}."


def _studies(number: int) -> str:
    return "1 study" if number == 1 else f"{number} studies"


def _findings(number: int) -> str:
    return "1 finding" if number == 1 else f"{number} findings"


def _groups(number: int) -> str:
    return "1 body of evidence" if number == 1 else f"{number} bodies of evidence"


def _firmly(reach: ReachCount) -> str:
    return (
        f"Two people coded the findings apart: for {reach.firm} of the {_findings(len(reach.findings))} both "
        "made this link, for the rest one did."
    )


def _people(reach: ReachCount) -> str:
    if reach.participants is None:
        return "How many people took part in these studies is not recorded as a figure, so it is not counted."
    of = f"{reach.groups_with_participants} of the {_groups(len(reach.groups))}"
    return f"At least {reach.participants:,} people took part, where the number is recorded: in {of}."


def _inside(name: str) -> str:
    """A name as it reads inside a sentence."""
    return name if name.isupper() or name[:2].isupper() else f"{name[:1].lower()}{name[1:]}"
