"""What can go wrong with a chat model, as values a composer can tell its reader about."""

from __future__ import annotations

from enum import StrEnum

from assistant.errors import NotReadyError


class Fault(StrEnum):
    """How a model failed. The words complete "The language model's wording was not used: ..."."""

    UNREACHABLE = "it could not be reached"
    SLOW = "it did not answer in time"
    CUT = "its answer broke off"
    TOO_LONG = "its answer did not end"
    UNREADABLE = "its answer could not be read"
    EMPTY = "it said nothing"
    BUSY = "it is busy"
    BROKEN = "it reported an error"
    REFUSED = "it did not accept the request"
    RESTING = "it failed several times and is left alone for a while"


class ModelFault(NotReadyError):
    """A chat model gave no usable answer. Never reaches a reader: the evidence answers instead."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"The language model was of no use: {fault}.")
        self.fault = fault
