"""What one person keeps over time: diagnoses, relationships, trials, pairs; and what changed between them.

Checks what comes in, asks the store to keep it and the adviser what a change means. Shows nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import uuid4

from assistant.domain.advice import Advice, Profile
from assistant.domain.framework import Catalogue, FactorLevel, Framework
from assistant.domain.monitoring import (
    DiagnosisChange,
    ImportReport,
    MonitoringReport,
    Move,
    Network,
    PairView,
    PlaceOn,
    Relationship,
    SavedDiagnosis,
    Trial,
)
from assistant.errors import InputError, NotReadyError, TooLargeError
from assistant.framework import relationships as checks
from assistant.framework.changes import agreement, diagnosis_change
from assistant.framework.csv_diagnoses import diagnoses_csv, diagnoses_from_csv
from assistant.framework.csv_relationships import matched, relationships_csv, relationships_from_csv
from assistant.framework.monitoring_report import monitoring_report
from assistant.framework.network import network
from assistant.framework.profile import levels_for_two, profile_from_answers
from assistant.store.pairs import Pair
from assistant.store.store import Store

__all__ = ["MOST", "Advise", "Monitor"]

Advise = Callable[[str, Profile], Advice]
"""Today's advice on a situation whose readings are known."""
MOST = 1000
"""Most records of one sort that one person may keep."""
_CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""No letters or digits that look alike, since codes are read out over the telephone."""
_CODE_LENGTH = 10


class Monitor:
    """The records of one person. Every method raises StorageError if the store fails."""

    def __init__(
        self,
        store: Store,
        owner: str,
        *,
        catalogue: Catalogue,
        advise: Advise,
        today: Callable[[], date] | None = None,
    ) -> None:
        """`owner` is who asks; only its hash is kept."""
        self._store = store
        self._owner = store.hashed(owner)
        self._catalogue = catalogue
        self._advise = advise
        self._today = today or (lambda: datetime.now(UTC).date())

    def save_diagnosis(
        self,
        *,
        profile: Profile,
        answers: Mapping[str, FactorLevel] | None = None,
        situation: str = "",
        label: str = "",
        shown: Sequence[str] = (),
        made_on: date | None = None,
    ) -> SavedDiagnosis:
        """Keep a diagnosis, and return it as it was kept. Raises InputError."""
        diagnosis = SavedDiagnosis(
            made_on=made_on or self._today(),
            label=label,
            answers=dict(answers or {}),
            profile=profile,
            situation=situation,
            shown=tuple(shown),
        )
        return self.add_diagnoses([diagnosis])[0]

    def add_diagnoses(self, diagnoses: Iterable[SavedDiagnosis]) -> tuple[SavedDiagnosis, ...]:
        """Keep diagnoses, all or none, each under a new id. Raises InputError."""
        fresh = tuple(replace(self._checked(diagnosis), id=_new_id()) for diagnosis in diagnoses)
        _room(len(self.diagnoses()) + len(fresh), "diagnoses")
        self._store.diagnoses.add(self._owner, fresh)
        return fresh

    def diagnoses(self) -> tuple[SavedDiagnosis, ...]:
        """All saved diagnoses, newest first."""
        return self._store.diagnoses.of(self._owner)

    def diagnosis(self, diagnosis_id: str) -> SavedDiagnosis:
        """The diagnosis of that id. Raises InputError if you have none of it."""
        found = self._store.diagnoses.one(self._owner, diagnosis_id)
        if found is None:
            raise InputError("There is no diagnosis of that id.", hint="Choose one of your saved diagnoses.")
        return found

    def remove_diagnosis(self, diagnosis_id: str) -> bool:
        """Forget a diagnosis; True if there was one."""
        return self._store.diagnoses.remove(self._owner, diagnosis_id)

    def change(self, earlier_id: str, later_id: str) -> DiagnosisChange:
        """What moved between two saved diagnoses and what that changes in the advice, by today's rules.

        Raises InputError for an id that is not yours.
        """
        earlier, later = self.diagnosis(earlier_id), self.diagnosis(later_id)
        return diagnosis_change(
            earlier,
            later,
            self._advise(earlier.situation, earlier.profile),
            self._advise(later.situation, later.profile),
            self._framework(),
        )

    def put_relationship(self, relationship: Relationship, *, day: date | None = None) -> Relationship:
        """Add a relationship, or change the one of its id; where it lies is noted from `day` (today) on."""
        return self.put_relationships([relationship], day=day)[0]

    def put_relationships(
        self, relationships: Iterable[Relationship], *, day: date | None = None
    ) -> tuple[Relationship, ...]:
        """Add or change relationships, all or none. Raises InputError, also for an id that is not yours."""
        today = self._today()
        known = {relationship.id for relationship in self.relationships()}
        checks.checked_day(day, what="the day", today=today)
        ready = []
        for relationship in relationships:
            if relationship.id and relationship.id not in known:
                raise InputError("There is no relationship of that id.", hint="Leave the id out to add one.")
            checked = checks.checked_relationship(relationship, today=today)
            ready.append(replace(checked, id=checked.id or _new_id()))
        _room(len(known | {relationship.id for relationship in ready}), "relationships")
        self._store.relationships.put(self._owner, ready, day or today)
        return tuple(ready)

    def relationships(self) -> tuple[Relationship, ...]:
        """All relationships, by partner, those that have ended too."""
        return self._store.relationships.of(self._owner)

    def remove_relationship(self, relationship_id: str) -> bool:
        """Forget a relationship and where it lay; True if there was one."""
        return self._store.relationships.remove(self._owner, relationship_id)

    def places(self) -> tuple[PlaceOn, ...]:
        """Where each relationship lay from which day on, oldest first."""
        return self._store.relationships.places(self._owner)

    def moves(self, earlier: date, later: date) -> tuple[Move, ...]:
        """Where relationships lay on two days, by partner."""
        return checks.moves(self.relationships(), self.places(), earlier, later)

    def relationships_csv(self) -> str:
        """All relationships as CSV; no cell of it runs as a formula."""
        return relationships_csv(self.relationships())

    def import_relationships(self, text: str) -> ImportReport:
        """Take in a CSV of relationships, all of it or, where there is a fault, nothing.

        A row with the id of one of yours, or on the same matter, changes that one; others are added.
        """
        rows, faults = relationships_from_csv(text, today=self._today())
        if faults:
            return ImportReport(faults=faults)
        new, changed, known = matched(rows, self.relationships())
        self.put_relationships([*new, *changed])
        return ImportReport(added=len(new), changed=len(changed), known=known)

    def diagnoses_csv(self) -> str:
        """All diagnoses as CSV, newest first; no cell of it runs as a formula."""
        return diagnoses_csv(self.diagnoses(), self._framework())

    def import_diagnoses(self, text: str) -> ImportReport:
        """Take in a CSV of diagnoses, all of it or, where there is a fault, nothing. None is ever changed."""
        rows, faults = diagnoses_from_csv(
            text, self._framework(), self._catalogue.mechanisms, today=self._today()
        )
        if faults:
            return ImportReport(faults=faults)
        kept = self.diagnoses()
        ids, told = {d.id for d in kept}, [replace(d, id="") for d in kept]
        new = [d for d in rows if d.id not in ids and replace(d, id="") not in told]
        self.add_diagnoses(reversed(new))
        return ImportReport(added=len(new), known=len(rows) - len(new))

    def report(self, earlier: date, *, pair: tuple[str, str] | None = None) -> MonitoringReport:
        """All of this as a document; relationships as they moved since `earlier`.

        `pair` names the two diagnoses to compare; without it the newest is compared with the one before.
        """
        diagnoses, relationships = self.diagnoses(), self.relationships()
        if pair is None and len(diagnoses) > 1:
            pair = diagnoses[1].id, diagnoses[0].id
        return monitoring_report(
            day=self._today(),
            catalogue=self._catalogue,
            relationships=relationships,
            network=self.network(),
            moves=self.moves(earlier, self._today()),
            diagnoses=diagnoses,
            trials=self.trials(),
            change=self.change(*pair) if pair else None,
        )

    def network(self) -> Network:
        """Who depends on whom today."""
        return network(self.relationships(), today=self._today())

    def put_trial(self, trial: Trial) -> Trial:
        """Add a trial of a mechanism, or change the one of its id. Raises InputError."""
        known = {kept.id for kept in self.trials()}
        if trial.id and trial.id not in known:
            raise InputError("There is no trial of that id.", hint="Leave the id out to add one.")
        if trial.mechanism_id not in self._catalogue.mechanisms:
            raise InputError(
                f"There is no mechanism called '{trial.mechanism_id}'.", hint="Choose one of the catalogue."
            )
        ready = replace(checks.checked_trial(trial, today=self._today()), id=trial.id or _new_id())
        _room(len(known | {ready.id}), "trials")
        self._store.trials.put(self._owner, ready)
        return ready

    def trials(self) -> tuple[Trial, ...]:
        """All trials, the latest first."""
        return self._store.trials.of(self._owner)

    def remove_trial(self, trial_id: str) -> bool:
        """Forget a trial; True if there was one."""
        return self._store.trials.remove(self._owner, trial_id)

    def open_pair(self, answers: Mapping[str, FactorLevel], *, label: str = "") -> str:
        """Begin a diagnosis for two with one's own answers; the code lets the partner answer apart.

        Raises InputError for an unknown question, or if no factor has two answers.
        """
        _room(len(self._store.pairs.of(self._owner)) + 1, "diagnoses for two")
        label = checks.checked_text(" ".join(label.split()), what="The label", longest=checks.LONGEST_LABEL)
        code = "".join(secrets.choice(_CODE_LETTERS) for _ in range(_CODE_LENGTH))
        levels = self._levels(answers)
        pair = Pair(code=code, label=label, opened_on=self._today(), first=levels, second=None)
        self._store.pairs.open(self._owner, pair)
        return code

    def answer_pair(self, code: str, answers: Mapping[str, FactorLevel]) -> PairView:
        """Give the partner's answers, once. Raises InputError for an unknown code or a second attempt.

        Once, since whoever could answer again and again could find out what the other side said.
        """
        levels = self._levels(answers)
        self._pair(code)
        if not self._store.pairs.answer_second(_plain_code(code), levels):
            raise InputError("The partner's side was answered already.", hint="Begin a new one for two.")
        return self.pair(code)

    def pair(self, code: str) -> PairView:
        """How the two sides agree, once both have answered. Raises InputError for an unknown code."""
        return self._view(self._pair(code))

    def pairs(self) -> tuple[PairView, ...]:
        """Diagnoses for two that this person began, the latest first."""
        return tuple(self._view(pair) for pair in self._store.pairs.of(self._owner))

    def remove_pair(self, code: str) -> bool:
        """Forget a diagnosis for two that this person began; True if there was one."""
        return self._store.pairs.remove(self._owner, _plain_code(code))

    def _pair(self, code: str) -> Pair:
        pair = self._store.pairs.one(_plain_code(code))
        if pair is None:
            raise InputError("There is no diagnosis for two of that code.", hint="Check the code.")
        return pair

    def _view(self, pair: Pair) -> PairView:
        both = pair.first is not None and pair.second is not None
        return PairView(
            code=pair.code,
            label=pair.label,
            opened_on=pair.opened_on,
            answered=(pair.first is not None) + (pair.second is not None),
            factors=agreement(pair.first or {}, pair.second or {}, self._framework()) if both else {},
        )

    def _levels(self, answers: Mapping[str, FactorLevel]) -> dict[str, FactorLevel]:
        """The levels that two partners may compare; no answer to a single question is kept."""
        if not answers:
            raise InputError("No question was answered.", hint="Answer two questions on the same condition.")
        levels = levels_for_two(answers, self._framework())
        if not levels:
            raise InputError(
                "There is nothing to compare yet.",
                hint="Answer two questions on the same condition: from one alone, your answer could be told.",
            )
        return levels

    def _checked(self, diagnosis: SavedDiagnosis) -> SavedDiagnosis:
        framework = self._framework()
        profile_from_answers(diagnosis.answers, framework)
        known = {factor.id for factor in framework.factors}
        for factor in diagnosis.profile.readings:
            if factor not in known:
                raise InputError(f"There is no factor called '{factor}'.", hint="Use an id of the framework.")
        for key in diagnosis.shown:
            if key not in self._catalogue.mechanisms:
                raise InputError(f"There is no mechanism called '{key}'.", hint="Use an id of the catalogue.")
        checks.checked_day(diagnosis.made_on, what="the day of the diagnosis", today=self._today())
        label = " ".join(diagnosis.label.split())
        checks.checked_text(label, what="The label", longest=checks.LONGEST_LABEL)
        checks.checked_text(diagnosis.situation, what="The situation", longest=checks.LONGEST_SITUATION)
        return replace(diagnosis, label=label)

    def _framework(self) -> Framework:
        if self._catalogue.framework is None:
            raise NotReadyError(
                "The library holds no framework to diagnose by.",
                hint="Read in a corpus that has framework.yaml.",
            )
        return self._catalogue.framework


def _plain_code(code: str) -> str:
    """A code as it was given out, however it was typed."""
    return "".join(letter for letter in code.upper() if letter.isalnum())[:20]


def _new_id() -> str:
    return uuid4().hex


def _room(count: int, what: str) -> None:
    if count > MOST:
        raise TooLargeError(f"You would keep more than {MOST} {what}.", hint="Remove some first.")
