"""The rules that put into a follow-up question what it leaves out, in the order in which they are tried."""

from __future__ import annotations

import re

from assistant.conversation import bridging, fragments, pronouns
from assistant.conversation.background import Background, starts_as_question

_WHOLE = (fragments.corrected, fragments.reason)
"""Each of these makes the whole question; the first that applies is the last."""
_PARTS = (
    fragments.which,
    fragments.ordinal,
    pronouns.person,
    pronouns.group,
    pronouns.thing,
    pronouns.that,
    bridging.completed,
    bridging.of_subject,
    fragments.phrase,
)


def rewrite(question: str, background: Background) -> str:
    """`question` with what it leaves out put in; unchanged if it leaves nothing out or nothing fits."""
    if background.empty:
        return question
    for rule in _WHOLE:
        text = rule(question, background)
        if text != question:
            return text
    text = question
    for rule in _PARTS:
        text = rule(text, background)
    return question if text == question else _tidy(text)


_LEAD_IN = re.compile(r"^(?:(?:ok|okay|so|and|but|also)\b[, ]+){1,3}(?=\w+ )", re.I)


def _tidy(text: str) -> str:
    """`text` without "and" or "ok but" ahead of a whole question, and with a capital."""
    bare = _LEAD_IN.sub("", text, count=1)
    if not starts_as_question(bare):
        bare = text
    return bare[:1].upper() + bare[1:]
