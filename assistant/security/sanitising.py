"""Text that others wrote, made harmless: refused when it is garbage, cleaned when it is shown.

Knows characters and HTML; does not know what an answer looks like.
"""

from __future__ import annotations

import unicodedata
from urllib.parse import urlsplit

import nh3

from assistant.errors import InputError, TooLargeError

_KEPT_CONTROLS = "\t\n\r"
_LONGEST_LINK = 2000

ALLOWED_TAGS = frozenset(
    (
        "a",
        "blockquote",
        "br",
        "caption",
        "code",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "h1",
        "h2",
        "h3",
        "h4",
        "li",
        "mark",
        "nav",
        "ol",
        "p",
        "span",
        "strong",
        "summary",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
    )
)
ALLOWED_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"class", "id"},
    "a": {"aria-current", "href", "rel", "target"},
    "div": {"aria-label", "role", "tabindex"},
    "nav": {"aria-label"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
ALLOWED_SCHEMES = frozenset({"http", "https"})


def question_text(text: str, *, longest: int) -> str:
    """`text` without white space at its ends. Raises InputError if it is empty, garbage or too long."""
    stripped = text.strip()
    if not stripped:
        raise InputError("The question is empty.", hint="Write a question in your own words.")
    if len(stripped) > longest:
        raise TooLargeError(
            f"The question has {len(stripped):,} characters, and the limit is {longest:,}.",
            hint="Shorten it, or ask it in parts.",
        )
    return plain_text(stripped, what="The question")


def plain_text(text: str, *, what: str) -> str:
    """`text` as it is. Raises InputError, naming `what` it is, if it holds control characters."""
    if any(_is_garbage(character) for character in text):
        raise InputError(
            f"{what} holds characters that are not text.", hint="Type it again, or paste it as plain text."
        )
    return text


def _is_garbage(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cs"} and character not in _KEPT_CONTROLS


def visible(text: str) -> str:
    """`text` without characters that hide or turn text: controls, bidi marks, zero widths, tag characters."""
    return "".join(
        character
        for character in text
        if character in _KEPT_CONTROLS or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co"}
    )


def web_link(address: str | None) -> tuple[str, str] | None:
    """(address, host) if `address` is a plain http(s) link that may be shown, else None."""
    if (
        not address
        or len(address) > _LONGEST_LINK
        or visible(address) != address
        or any(map(str.isspace, address))
    ):
        return None
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in ALLOWED_SCHEMES or not host or parts.username is not None:
        return None
    return address, host


def only_allowed(html: str) -> str:
    """`html` with nothing but the tags, attributes and links that are allowed; the last step."""
    return nh3.clean(
        html,
        tags=set(ALLOWED_TAGS),
        attributes=ALLOWED_ATTRIBUTES,
        url_schemes=set(ALLOWED_SCHEMES),
        link_rel=None,
        strip_comments=True,
    )
