"""What the Monitor page does when a button is pressed: form values in, what to say out. No layout."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from assistant.domain.monitoring import Relationship, Sign, Strength, Trial
from assistant.errors import AssistantError, InputError
from assistant.monitoring import Monitor
from assistant.web.pages.days import quarter_ago, read_day, today
from assistant.web.pages.wiring import saved_file
from assistant.web.render_monitor import imported_html, note
from assistant.word import WORD_TYPE, monitoring_docx

if TYPE_CHECKING:
    from assistant.engine import Assistant

log = logging.getLogger(__name__)

CSV_TYPE = "text/csv"


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a press: what to say, and a file to save if there is one."""

    said: str
    """Checked HTML."""
    file: str = ""
    chosen: str | None = None
    """Id of the record that is now in the form; empty to clear it, None to leave it."""


class Screen:
    """The page's buttons. Every method returns what to say; none raises an error of ours."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    def monitor(self, owner: str) -> Monitor:
        """The records of who asks. Raises StorageError or SettingsError."""
        return self._assistant.monitor(owner)

    def save_relationship(self, owner: str, chosen: str, values: tuple[Any, ...]) -> Done:
        """Add a relationship, or change the one that is chosen."""

        def act() -> Done:
            partner, kind, formality, origin, strength, since, ended, product, purpose, holder = values
            kept = self.monitor(owner).put_relationship(
                Relationship(
                    id=chosen,
                    partner=str(partner or ""),
                    kind=str(kind or ""),
                    formality=float(formality),
                    origin=float(origin),
                    since=read_day(since),
                    strength=Strength(strength),
                    product=str(product or ""),
                    purpose=str(purpose or ""),
                    holder=str(holder or ""),
                    ended=read_day(ended),
                )
            )
            return Done(note(f"{kept.partner} is {'changed' if chosen else 'added'}."), chosen="")

        return _guarded(act)

    def end_relationship(self, owner: str, chosen: Any) -> Done:
        """Note that a relationship ended today; it stays in the history."""

        def act() -> Done:
            monitor = self.monitor(owner)
            kept = _one(monitor, chosen)
            monitor.put_relationship(replace(kept, ended=today()))
            return Done(note(f"{kept.partner} is marked as ended today."), chosen="")

        return _guarded(act)

    def remove_relationship(self, owner: str, chosen: str, armed: str) -> tuple[Done, str]:
        """Forget a relationship at the second press; and what was asked for once."""

        def act() -> Done:
            monitor = self.monitor(owner)
            kept = _one(monitor, chosen)
            if armed != chosen:
                words = f"This forgets {kept.partner} and its history for good."
                return Done(note(words, "Press Remove again to do so, or End today to keep the history."))
            monitor.remove_relationship(chosen)
            return Done(note(f"{kept.partner} is removed."), chosen="")

        done = _guarded(act)
        return done, chosen if done.chosen is None else ""

    def import_relationships(self, owner: str, text: Any) -> Done:
        """Take in a CSV of relationships, all or nothing."""
        return _guarded(
            lambda: Done(
                imported_html(self.monitor(owner).import_relationships(str(text or "")), "relationships")
            )
        )

    def import_diagnoses(self, owner: str, text: Any) -> Done:
        """Take in a CSV of diagnoses, all or nothing."""
        return _guarded(
            lambda: Done(imported_html(self.monitor(owner).import_diagnoses(str(text or "")), "diagnoses"))
        )

    def save_file(
        self, owner: str, what: str, *, earlier: Any = None, pair: tuple[str, str] = ("", "")
    ) -> Done:
        """A file to save: `relationships`, `diagnoses` or the `report`."""

        def act() -> Done:
            monitor = self.monitor(owner)
            if what == "report":
                both = pair if all(pair) and pair[0] != pair[1] else None
                content = monitoring_docx(monitor.report(read_day(earlier) or quarter_ago(), pair=both))
                return Done(
                    note("The report was saved."), saved_file("monitoring-report.docx", WORD_TYPE, content)
                )
            text = monitor.relationships_csv() if what == "relationships" else monitor.diagnoses_csv()
            # A spreadsheet takes a file for the letters of its own country unless it begins with this mark.
            content = ("\ufeff" + text).encode("utf-8")
            return Done(note(f"The {what} were saved."), saved_file(f"{what}.csv", CSV_TYPE, content))

        return _guarded(act)

    def remove_diagnosis(self, owner: str, chosen: str, armed: str) -> tuple[Done, str]:
        """Forget a diagnosis at the second press; and what was asked for once."""

        def act() -> Done:
            monitor = self.monitor(owner)
            kept = monitor.diagnosis(chosen)
            if armed != chosen:
                words = f"This forgets the diagnosis of {kept.made_on.isoformat()} for good."
                return Done(note(words, "Press Remove again to do so."))
            monitor.remove_diagnosis(chosen)
            return Done(note("The diagnosis is removed."), chosen="")

        done = _guarded(act)
        return done, chosen if done.chosen is None else ""

    def save_trial(self, owner: str, chosen: str, values: tuple[Any, ...]) -> Done:
        """Note what is tried, or change the trial that is chosen."""

        def act() -> Done:
            mechanism_id, started, sign, ended, words = values
            if not mechanism_id:
                raise InputError("No mechanism is chosen.", hint="Choose what you try.")
            given = Sign(sign)
            before = {trial.id: trial for trial in self.monitor(owner).trials()}.get(chosen)
            same = before is not None and before.leading_sign is given
            checked = (
                before.checked_on if before and same else today() if given is not Sign.NOT_CHECKED else None
            )
            self.monitor(owner).put_trial(
                Trial(
                    id=chosen,
                    mechanism_id=str(mechanism_id),
                    started=read_day(started) or today(),
                    leading_sign=given,
                    checked_on=checked,
                    note=str(words or ""),
                    ended=read_day(ended),
                )
            )
            return Done(note("The trial is changed." if chosen else "The trial is noted."), chosen="")

        return _guarded(act)

    def remove_trial(self, owner: str, chosen: Any) -> Done:
        """Forget a trial."""

        def act() -> Done:
            if not self.monitor(owner).remove_trial(str(chosen or "")):
                raise InputError("No trial is chosen.", hint="Choose one above.")
            return Done(note("The trial is removed."), chosen="")

        return _guarded(act)


def guarded(make: Callable[[], Any], otherwise: Callable[[str], Any]) -> Any:
    """What `make` returns; what `otherwise` makes of a note in checked HTML if it fails."""
    try:
        return make()
    except AssistantError as error:
        return otherwise(note(error.sentence, error.hint))
    except Exception as error:  # a web handler: the reader gets a sentence, the log gets the class
        log.error("unexpected %s on the page", type(error).__name__, exc_info=error)
        return otherwise(note("Something failed here.", "Try again in a moment."))


def _guarded(make: Callable[[], Done]) -> Done:
    done: Done = guarded(make, Done)
    return done


def _one(monitor: Monitor, chosen: Any) -> Relationship:
    for kept in monitor.relationships():
        if kept.id == chosen:
            return kept
    raise InputError("No relationship is chosen.", hint="Choose one above.")
