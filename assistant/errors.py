"""Every error the assistant raises on purpose, as one tree.

    AssistantError
    ├── InputError            what was handed in cannot be used        (exit 2, HTTP 400)
    │   ├── CorpusError       a corpus file breaks its schema: file, line, cure
    │   ├── ReceiptError      a receipt cannot be read
    │   └── TooLargeError     over a stated limit                      (HTTP 413)
    ├── SettingsError         a setting is unknown, missing or out of range (exit 2)
    ├── NotReadyError         nothing is indexed yet, or a part is missing  (exit 3, HTTP 503)
    │   ├── ModelFileError    a model file is absent or not the pinned one
    │   └── ModelFault        a chat model gave no usable answer; defined in language/faults.py
    ├── OwnershipError        another process owns the data folder     (exit 4)
    ├── StorageError          the disk or the store failed             (exit 5)
    └── TooManyAsksError      over a limit on asking; web/problems.py  (HTTP 429)
        └── BusyError         everybody together is over it            (HTTP 503)

The last two and ModelFault stand beside what they carry. No reader meets ModelFault: the evidence answers
instead. "Nothing found" is a value, never an exception.
"""

from __future__ import annotations

from pathlib import Path


class AssistantError(Exception):
    """Base of the tree: one sentence for people, and one on what to do about it."""

    exit_code = 1
    http_status = 500

    def __init__(self, sentence: str, *, hint: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.sentence} {self.hint}".strip()


class InputError(AssistantError):
    """What was handed in cannot be used as it is."""

    exit_code = 2
    http_status = 400


class CorpusError(InputError):
    """A corpus file breaks its schema; names the file, the line and the cure.

    `faults` holds one line of text for each fault that was found, this one first.
    """

    def __init__(
        self,
        sentence: str,
        *,
        path: Path | str,
        line: int | None = None,
        hint: str = "",
        more: tuple[str, ...] = (),
    ) -> None:
        place = f"{path} line {line}" if line is not None else str(path)
        first = f"{place}: {sentence}"
        super().__init__("\n".join((first, *more)), hint=hint)
        self.path = str(path)
        self.line = line
        self.faults = (first, *more)


class ReceiptError(InputError):
    """A receipt cannot be read at all (a receipt that reads but does not hold is a result, not an error)."""


class TooLargeError(InputError):
    """More was handed in than the stated limit allows."""

    http_status = 413


class SettingsError(AssistantError):
    """A setting is unknown, missing or out of range."""

    exit_code = 2


class NotReadyError(AssistantError):
    """Nothing is indexed yet, or a part the assistant needs is missing."""

    exit_code = 3
    http_status = 503


class ModelFileError(NotReadyError):
    """A model file is absent, or is not the file that was pinned."""


class OwnershipError(AssistantError):
    """Another process owns the data folder."""

    exit_code = 4
    http_status = 503


class StorageError(AssistantError):
    """The disk or the store failed; nothing that was acknowledged is lost."""

    exit_code = 5
