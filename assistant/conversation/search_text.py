"""What to search for when a question rests on earlier turns: its own words, then those carried over."""

from __future__ import annotations

import re

from assistant.conversation.background import Background

_ANSWER_WORDS = 60
"""Of the last answer so many words are used: its opening says what it is about."""
_EARLIER = 3
_LEANS = re.compile(
    r"^(?:and|but|so|or|also|just|only|what about|how about|no,|any)\b"
    r"|\b(?:it|its|they|them|their|he|she|him|his|her|these|those|this|that|ones?|there|then|such|else|other|same"
    r"|second|latter|former)\b",
    re.I,
)


def search_text(question: str, standalone: str, background: Background) -> str:
    """Words to search for; empty if `question` stands alone, so that nothing leads the search astray."""
    if standalone == question and len(question.split()) > 3 and not _LEANS.search(question):
        return ""
    answer = " ".join(background.answer.split()[:_ANSWER_WORDS])
    return " ".join(part for part in (standalone, *background.understood[-_EARLIER:], answer) if part)
