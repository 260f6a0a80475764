from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import InputError, TooLargeError
from assistant.security.sanitising import only_allowed, question_text, visible, web_link


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\u2003"])
def test_an_empty_question_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="empty"):
        question_text(text, longest=10)


def test_a_question_at_the_limit_is_taken_and_one_above_is_not() -> None:
    assert question_text("a" * 10, longest=10) == "a" * 10
    with pytest.raises(TooLargeError, match=r"11 characters, and the limit is 10"):
        question_text("a" * 11, longest=10)


@pytest.mark.parametrize("garbage", ["a\x00b", "a\x1b[31m", "\ud800", "a\x7f", "a\x85b"])
def test_a_question_that_is_not_text_is_refused(garbage: str) -> None:
    with pytest.raises(InputError, match="not text"):
        question_text(garbage, longest=100)


@given(st.text(st.characters(exclude_categories=("Cc", "Cs", "Z")), min_size=1, max_size=50))
def test_any_other_text_is_taken_as_it_is(text: str) -> None:
    assert question_text(text, longest=50) == text.strip()


@given(st.text(max_size=200))
def test_what_is_shown_hides_no_character(text: str) -> None:
    shown = visible(text)
    assert all(unicodedata.category(c) not in {"Cf", "Cs", "Co"} for c in shown)
    assert all(c in "\t\n\r" for c in shown if unicodedata.category(c) == "Cc")


@pytest.mark.parametrize(
    "mark", ["\u202e", "\u200b", "\u2066", "\ufeff", "\U000e0041", "\u200f", "\xad", "\ue000"]
)
def test_marks_that_turn_or_hide_text_are_removed(mark: str) -> None:
    assert visible(f"a{mark}b") == "ab"


@pytest.mark.parametrize(
    ("address", "host"),
    [("https://doi.org/10.1/x", "doi.org"), ("http://Example.org:8080/a?b=c#d", "example.org")],
)
def test_a_plain_web_address_may_be_a_link(address: str, host: str) -> None:
    assert web_link(address) == (address, host)


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "//evil.example/x",
        "/relative",
        "https://",
        "https://user:secret@evil.example/",
        "https://good.example\u202e/",
        "https://a b.example/",
        "https://a.example/\nx",
        "https://[::1",
        "ftp://a.example/",
        "mailto:a@b.example",
        "https://a.example/" + "x" * 2000,
        "see https://a.example/",
    ],
)
def test_anything_else_is_no_link(address: str | None) -> None:
    assert web_link(address) is None


def test_the_last_step_drops_what_is_not_on_the_list() -> None:
    dirty = '<p onclick="x()" style="color:red">a<img src="https://e.example"><script>b</script></p><svg/>'
    assert only_allowed(dirty) == "<p>a</p>"
    assert only_allowed('<a href="javascript:x">y</a>') == "<a>y</a>"
