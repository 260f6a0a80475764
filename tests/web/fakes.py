"""An assistant without an index: the engine's interface over a few made-up studies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Protocol

from assistant.domain.answers import (
    _SEAL,
    Answer,
    Citation,
    Reason,
    Receipt,
    State,
    Statement,
    StatementKind,
)
from assistant.domain.conversation import Turn
from assistant.domain.documents import BlockKind, Passage, Span
from assistant.domain.events import Event, EvidenceFound, Finished, Searching, StatementVerified
from assistant.domain.evidence import Evidence
from assistant.domain.framework import Catalogue, Coding, Finding, Study
from assistant.domain.reports import ReceiptCheck, Source
from assistant.errors import InputError
from assistant.wire import statement_json
from tests.web.opinions import MemoryOpinions


class Engine(Protocol):
    """What the web side needs of the engine."""

    @property
    def ready(self) -> bool: ...
    def ask(self, question: str, *, turns: Sequence[Turn] = (), id: str | None = None) -> Iterator[Event]: ...
    def answer(self, question: str, *, turns: Sequence[Turn] = (), id: str | None = None) -> Answer: ...
    def search(self, query: str, *, k: int = 10, id: str | None = None) -> tuple[Evidence, ...]: ...
    def source(self, passage_id: str) -> Source: ...
    def verify(self, receipt: Mapping[str, object]) -> ReceiptCheck: ...
    def starters(self) -> Mapping[str, tuple[str, ...]]: ...
    def status(self) -> Mapping[str, object]: ...


TEXTS = {
    "river": (
        "Site visits to a hospital that had already gone live helped teams the most when the same people met "
        "again within three months.",
        "Where the two hospitals used different record systems, what they shared was how to train staff and "
        "run the change, not the build itself.",
        "Two of the nine pairs stopped meeting once the programme's money ended.",
    ),
    "harbour": (
        "Informal contacts between clinical leads carried more advice than the formal partner meetings did.",
        "Documents written to be copied were opened often and reused seldom; readers phoned "
        "the authors instead.",
    ),
    "meadow": ("Distance mattered less after the first visit in person.",),
}
STUDIES = {
    "river": (
        "Pairs of hospitals learning from each other: an interview study",
        "River A, Stone B, Field C",
        2021,
    ),
    "harbour": ("How advice travels between digital leads", "Harbour D, Lane E", 2019),
    "meadow": ("Working together at a distance: a survey of paired teams", "Meadow F", 2023),
}
FOLLOW_UPS = (
    "What makes a second visit worth the time?",
    "Which informal contacts carry advice between hospitals?",
    "What happens when programme money ends?",
)


def study(key: str) -> Study:
    title, authors, year = STUDIES[key]
    return Study(
        id=key,
        title=title,
        authors=tuple(authors.split(", ")),
        year=year,
        venue="Journal of Made-up Studies 4:17",
        doi=f"10.1234/{key}",
        url=f"https://studies.example/{key}",
        licence="CC BY",
        study_design="qualitative; interviews and observation",
        sample="62 interviews in 18 hospitals",
        setting="England, acute hospitals",
        domain="knowledge-sharing",
        tags=(),
        tier="core",
        status="abstract-seen",
        peer_reviewed=key != "harbour",
        strength="primary qualitative; 62 interviews",
        verified=None,
        evidence_group=key,
        citable=True,
    )


def finding(key: str, number: int) -> Finding:
    return Finding(
        id=f"{key}-f{number:02d}",
        study_id=key,
        domain="knowledge-sharing",
        statement=TEXTS[key][number - 1],
        subject="mechanism",
        kind="reported",
        coding=Coding(level="organizational", factors=(), role=None, mechanisms=(), polarity="supports"),
        role_basis=None,
        relationship=None,
        strength="primary qualitative; 62 interviews",
        locator="results, second paragraph",
        seen="https://studies.example/seen",
    )


def passage(key: str, number: int, *, text: str | None = None) -> Passage:
    words = text if text is not None else TEXTS[key][number - 1]
    return Passage(
        document_id=f"{key}-f{number:02d}",
        span=Span(0, len(words)),
        text=words,
        kind=BlockKind.FINDING,
        ordinal=0,
        title=STUDIES[key][0],
        record_id=f"{key}-f{number:02d}",
        study_id=key,
        origin=f"studies/{key}/findings.yaml",
    )


ALL = tuple(passage(key, n + 1) for key in TEXTS for n in range(len(TEXTS[key])))


def citation(marker: int, cited: Passage) -> Citation:
    return Citation(
        marker, cited.id, cited.record_id, cited.study_id, cited.text, cited.span.start, cited.span.end
    )


def statements() -> tuple[Statement, ...]:
    rep, inf, adv = StatementKind.REPORTED, StatementKind.INFERENCE, StatementKind.ADVICE
    one, two, three, four, five = ALL[:5]
    return (
        Statement(one.text, rep, "", (citation(1, one),)),
        Statement(two.text, rep, "", (citation(2, two),)),
        Statement(four.text, rep, "What helps", (citation(3, four),)),
        Statement(
            "Together, visits and calls seem to matter more than papers.",
            inf,
            "What helps",
            (citation(3, four), citation(4, five)),
        ),
        Statement("Plan the second visit before the first one ends.", adv, "What helps"),
        Statement(three.text, rep, "Mixed or negative evidence", (citation(5, three),)),
        Statement(
            "You said that the partner is two hours away.",
            StatementKind.YOUR_INPUT,
            "What fits your situation",
        ),
        Statement(
            "In an invented interview, a manager says the calls kept it alive.",
            StatementKind.CONSTRUCTED,
            "What fits your situation",
        ),
    )


def _receipt(question: str, told: tuple[Statement, ...], reason: Reason | None) -> dict[str, object]:
    said = [statement_json(statement) for statement in told]
    because = "No study here covers this." if reason else ""
    return {
        "version": 1,
        "question": question,
        "standalone": question,
        "because": because,
        "lead": because or said[0]["text"],
        "statements": said,
        "gaps": ["No study here gives a cost in pounds."],
        "passages": [p.id for p in ALL[:5]],
        "made_with": {"settings": "fake"},
        "seal": sha256(question.encode()).hexdigest(),
    }


class FakeAssistant:
    """Answers every question the same way, except those that name a `Reason`, which it refuses."""

    def __init__(self, *, ready: bool = True, texts: tuple[str, ...] = ()) -> None:
        self.ready = ready
        self.asked: list[tuple[str, tuple[Turn, ...]]] = []
        self.fail_with: Exception | None = None
        self.texts = texts
        self.opinions = MemoryOpinions()
        self.catalogue = Catalogue()

    def ask(self, question: str, *, turns: Sequence[Turn] = (), id: str | None = None) -> Iterator[Event]:
        self.asked.append((question, tuple(turns)))
        if self.fail_with:
            raise self.fail_with
        yield Searching(question)
        answer = self._answer(question, id)
        yield EvidenceFound(answer.evidence)
        for index, statement in enumerate(answer.statements):
            yield StatementVerified(index, statement)
        yield Finished(answer)

    def answer(self, question: str, *, turns: Sequence[Turn] = (), id: str | None = None) -> Answer:
        *_, last = self.ask(question, turns=turns, id=id)
        assert isinstance(last, Finished)
        return last.answer

    def _answer(self, question: str, id: str | None) -> Answer:
        reason = next((r for r in Reason if r.value in question), None)
        told = () if reason else statements()
        told += tuple(
            Statement(text, StatementKind.REPORTED, text, (citation(1, ALL[0]),)) for text in self.texts
        )
        evidence = tuple(Evidence(p, rank, 1 / rank) for rank, p in enumerate(ALL, start=1))
        return Answer(
            id=id,
            question=question,
            standalone=question,
            state=State.REFUSED if reason else State.PARTLY_GROUNDED,
            reason=reason,
            because="No study here covers this." if reason else "",
            lead=" ".join(s.text for s in told[:2]) or "No study here covers this.",
            statements=told,
            gaps=("No study here gives a cost in pounds.", *self.texts),
            follow_ups=(*FOLLOW_UPS, *self.texts),
            evidence=() if reason else evidence,
            receipt=Receipt(_receipt(question, told, reason)),
            timings_ms={"total": 12.5},
            seal=_SEAL,
        )

    def warm(self) -> None:
        """Nothing here needs learning."""

    def search(self, query: str, *, k: int = 10, id: str | None = None) -> tuple[Evidence, ...]:
        if self.fail_with:
            raise self.fail_with
        return tuple(Evidence(p, rank, 1 / rank) for rank, p in enumerate(ALL[:k], start=1))

    def source(self, passage_id: str) -> Source:
        for found in ALL:
            if found.id == passage_id:
                key, number = str(found.study_id), int(str(found.record_id)[-2:])
                near = [p for p in ALL if p.study_id == key]
                place = near.index(found)
                return Source(
                    found, study(key), finding(key, number), tuple(near[:place]), tuple(near[place + 1 :])
                )
        raise InputError(f"There is no passage called '{passage_id}'.", hint="Take the id from an answer.")

    def verify(self, receipt: Mapping[str, object]) -> ReceiptCheck:
        return ReceiptCheck(() if receipt.get("version") == 1 else ("The receipt has no version.",), 5)

    def starters(self) -> Mapping[str, tuple[str, ...]]:
        return {
            "Programme manager": (
                "Our programme paired us with a hospital two hours away. Is this worth our time?",
                "How do we keep a partnership going when the money ends?",
                "What should go into a document that others will reuse?",
            ),
            "Clinical lead": ("Do site visits help clinicians?", "Who should join the calls with a partner?"),
            "Chief information officer": ("We use another record system. What can we still share?",),
        }

    def status(self) -> Mapping[str, object]:
        return {"index": "ready" if self.ready else "missing", "passages": len(ALL), "model": "fake"}
