"""Errors as callers see them: a fitting status and `{"error": {"sentence", "hint"}}`, never a stack trace.

Each error of ours knows its `http_status`, see `assistant/errors.py`; those of the web alone are here.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from assistant.errors import AssistantError

log = logging.getLogger(__name__)

UNEXPECTED = "Something went wrong on our side, and the question was not answered."
TRY_AGAIN = "Try again; if it happens twice, tell the person who runs this service."

_STATUS_SENTENCES = {
    404: ("There is nothing at this address.", "The addresses are listed in api/openapi.json."),
    405: ("This address does not accept that method.", "See api/openapi.json for the method it accepts."),
}


class TooManyAsksError(AssistantError):
    """One person asked more than the limit allows."""

    http_status = 429

    def __init__(self, sentence: str, *, retry_after: int, hint: str = "") -> None:
        super().__init__(sentence, hint=hint or f"Wait {retry_after} seconds and try again.")
        self.retry_after = retry_after


class BusyError(TooManyAsksError):
    """Everybody together asked more than can be worked on."""

    http_status = 503


def error_body(sentence: str, hint: str = "") -> dict[str, Any]:
    """The JSON of an error."""
    return {"error": {"sentence": sentence, "hint": hint}}


def problem(
    status: int, sentence: str, hint: str = "", *, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """An error response that no cache keeps."""
    kept = {"Cache-Control": "no-store", **(headers or {})}
    return JSONResponse(error_body(sentence, hint), status_code=status, headers=kept)


def problem_of(error: Exception) -> JSONResponse:
    """The response for `error`. An unexpected one is logged by its class and shown as a plain sentence."""
    if isinstance(error, AssistantError):
        headers = {"Retry-After": str(error.retry_after)} if isinstance(error, TooManyAsksError) else None
        return problem(error.http_status, error.sentence, error.hint, headers=headers)
    log.error("unexpected %s", type(error).__name__, exc_info=error)
    return problem(500, UNEXPECTED, TRY_AGAIN)


def install(app: FastAPI) -> None:
    """Make `app` answer every error in the one form."""

    def expected(_: Request, error: Exception) -> JSONResponse:
        return problem_of(error)

    def invalid(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class alone
        sentence, hint = _validation_sentence(error.errors()[0])
        return problem(400, sentence, hint)

    def status(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class alone
        sentence, hint = _STATUS_SENTENCES.get(error.status_code, ("The request could not be read.", ""))
        return problem(error.status_code, sentence, hint)

    app.add_exception_handler(AssistantError, expected)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, status)
    app.add_exception_handler(Exception, expected)


def _validation_sentence(fault: Mapping[str, Any]) -> tuple[str, str]:
    """One sentence and one hint for the first fault that pydantic found."""
    names = [str(part) for part in fault["loc"][1:]]
    field = ".".join(names)[:80]
    kind = fault["type"]
    if kind == "json_invalid" or not names:
        return "The body is not the JSON object that is asked for.", 'Send, for example, {"question": "..."}.'
    if kind == "missing":
        return f"The field '{field}' is missing.", "Add it and send the request again."
    if kind == "extra_forbidden":
        return f"There is no field called '{field}'.", "Leave it out, or check its spelling."
    return f"The field '{field}' cannot be used: {str(fault['msg'])[:200]}.", "Mend it and send it again."
