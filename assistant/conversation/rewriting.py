"""The rules that put into a follow-up question what it leaves out, in the order in which they are tried."""

from __future__ import annotations

from assistant.conversation import bridging, fragments, pronouns
from assistant.conversation.background import Background

_WHOLE = (fragments.corrected, fragments.reason)
"""Each of these makes the whole question; the first that applies is the last."""
_PARTS = (
    fragments.which,
    fragments.ordinal,
    pronouns.person,
    pronouns.group,
    pronouns.thing,
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
    return text
