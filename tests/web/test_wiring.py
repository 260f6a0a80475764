from __future__ import annotations

import base64
import json
import logging

import pytest

from assistant.errors import InputError
from assistant.security.limits import RateLimit
from assistant.web.pages.wiring import fault_words, saved_file, take_question
from assistant.web.problems import TRY_AGAIN, UNEXPECTED, TooManyAsksError


def test_the_file_to_save_is_what_ui_js_expects() -> None:
    made = json.loads(saved_file("a.csv", "text/csv", b"x;y"))
    assert (made["name"], made["type"], base64.b64decode(made["base64"])) == ("a.csv", "text/csv", b"x;y")


def test_a_fault_of_ours_keeps_its_sentence_and_any_other_goes_to_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert fault_words(InputError("Too short.", hint="Write more.")) == ("Too short.", "Write more.")
    with caplog.at_level(logging.ERROR):
        assert fault_words(RuntimeError("inner detail")) == (UNEXPECTED, TRY_AGAIN)
    assert "RuntimeError" in caplog.text


def test_questions_above_the_limit_are_turned_away() -> None:
    asks = RateLimit(2, name="ask")
    for _ in range(2):
        take_question(asks, "somebody")
    with pytest.raises(TooManyAsksError, match="2 questions"):
        take_question(asks, "somebody")
    take_question(asks, "somebody else")
