"""The doctor: looks at the model files, the store, the index, the disk and the lock, and names each cure."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from assistant.domain.reports import Check
from assistant.errors import AssistantError
from assistant.index.soundness import unsound
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.engine import Assistant

_LEAST_FREE_BYTES = 500_000_000


def diagnose(assistant: Assistant, settings: Settings) -> tuple[Check, ...]:
    """One check for each thing that can be wrong, in the order a start meets them. Changes nothing."""
    return tuple(
        check
        for look in (_settings, _disk, _lock, _store, _monitoring, _model, _index, _language)
        for check in _guarded(look, assistant, settings)
    )


def _guarded(
    look: Callable[[Assistant, Settings], Iterator[Check]], assistant: Assistant, settings: Settings
) -> Iterator[Check]:
    try:
        yield from look(assistant, settings)
    except AssistantError as error:
        yield Check(look.__name__.strip("_"), "fault", error.sentence, error.hint)


def _settings(assistant: Assistant, settings: Settings) -> Iterator[Check]:
    yield Check("settings", "ok", f"All settings were understood. Data is kept in {settings.data_dir}.")


def _disk(assistant: Assistant, settings: Settings) -> Iterator[Check]:
    free = shutil.disk_usage(assistant.library.folder).free
    if free < _LEAST_FREE_BYTES:
        yield Check(
            "disk", "fault", f"Only {free // 1_000_000} MB are free.", "Make room, or move the data folder."
        )
    else:
        yield Check("disk", "ok", f"{free // 1_000_000_000} GB are free.")


def _lock(assistant: Assistant, settings: Settings) -> Iterator[Check]:
    if assistant.library.writable:
        yield Check("lock", "ok", "This process may write to the data folder.")
    else:
        sentence = "Another process owns the data folder; this one only reads."
        yield Check("lock", "warning", sentence, "Stop the other process before you read files in.")


def _store(assistant: Assistant, settings: Settings) -> Iterator[Check]:
    faults = unsound(assistant.library)
    for fault in faults:
        yield Check(
            "store",
            "fault",
            fault,
            "Read the sources in again with `assistant ingest`; if it stays, delete the data folder first.",
        )
    if not faults:
        yield Check("store", "ok", f"{assistant.library.count()} passages, each equal to its stored hash.")


def _monitoring(assistant: Assistant, settings: Settings) -> Iterator[Check]:
    from assistant.store.database import look

    state = look(settings.store_address)
    if not state.made:
        sentence = f"Nothing is kept yet; the store will be made at {state.place} when it is first used."
    elif state.up_to_date:
        sentence = f"The store at {state.place} can be read and is up to date."
    else:
        sentence = f"The store at {state.place} is from an older version and is brought up to date when used."
    yield Check("monitoring", "ok", sentence)


def _model(assistant: Assistant, settings: Settings) -> Iterator[Check]:
    yield Check("model", "ok", f"The embedding model is {assistant.embedder.model_id}.")


def _index(assistant: Assistant, settings: Settings) -> Iterator[Check]:
    if not assistant.ready:
        yield Check("index", "warning", "Nothing has been read in yet.", "Run `assistant ingest`.")
        return
    index = assistant.workings.index
    for fault in index.faults:
        yield Check(
            "index", "warning", fault, "It is rebuilt by itself; answers come from exact search until then."
        )
    if index.degraded and not index.faults:
        yield Check(
            "index", "warning", "Answers come from exact search.", "Run `assistant ingest` to rebuild it."
        )
    elif not index.faults:
        yield Check("index", "ok", f"The search index is sound and holds {index.size} passages.")


def _language(assistant: Assistant, settings: Settings) -> Iterator[Check]:
    name = settings.language.chat_model
    sentence = (
        f"Chat model {name} is set." if name else "No chat model is set; answers come from the evidence."
    )
    yield Check("language", "ok", sentence)
