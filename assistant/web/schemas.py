"""What callers may send, as strict models. Unknown fields are refused so that a typing slip is seen."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

MOST_HITS = 100
_Id = Annotated[str | None, Field(default=None, max_length=200, description="Comes back unchanged.")]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class TurnBody(_Body):
    """One thing that was said before."""

    role: Literal["user", "assistant"]
    text: str


class AskBody(_Body):
    """A question, and what was said before it."""

    question: str = Field(examples=["Our partner uses another record system. What can we still share?"])
    turns: list[TurnBody] = Field(default=[], description="Earlier turns, oldest first.")
    id: _Id = None


class SearchBody(_Body):
    """Words to search for."""

    question: str | None = Field(default=None, description="What to search for.")
    query: str | None = Field(default=None, description="The same under another name.")
    k: int = Field(default=10, ge=1, le=MOST_HITS, description="Most hits that come back.")
    id: _Id = None


class ErrorDetail(BaseModel):
    """What went wrong, and what to do about it."""

    sentence: str
    hint: str


class ErrorBody(BaseModel):
    """Every error has this form."""

    error: ErrorDetail


ERRORS: dict[int | str, dict[str, Any]] = {
    400: {"model": ErrorBody, "description": "The request cannot be used as it is."},
    401: {"model": ErrorBody, "description": "The caller did not say who they are."},
    413: {"model": ErrorBody, "description": "The request or the question is too long."},
    429: {"model": ErrorBody, "description": "Too many requests from one caller; see Retry-After."},
    503: {"model": ErrorBody, "description": "Not ready, or too many questions at once; see Retry-After."},
}
