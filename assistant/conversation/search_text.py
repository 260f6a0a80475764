"""What to search for when a question rests on earlier turns: its own words, then those carried over.

The weights were chosen on development dialogues: the question counts twice, what was said around it once.
"""

from __future__ import annotations

import re

from assistant.conversation.background import Background
from assistant.conversation.fragments import is_courtesy

_ANSWER_WORDS = 30
"""Of the last answer so many words are used: its opening says what it is about."""
_EARLIER_ANSWER_WORDS = 15
_EARLIER_QUESTIONS = 2
_LEANS = re.compile(
    r"^(?:and|but|so|or|also|just|only|what about|how about|no,|any)\b"
    r"|\b(?:it|its|they|them|their|he|she|him|his|her|these|those|this|that|ones?|there|then|such|else|other"
    r"|same|second|latter|former)\b",
    re.I,
)


def search_text(question: str, standalone: str, background: Background) -> str:
    """Words to search for; empty if `question` stands alone, so that nothing leads the search astray."""
    if is_courtesy(question):
        return ""
    if standalone == question and len(question.split()) > 3 and not _LEANS.search(question):
        return ""
    said = (
        standalone,
        standalone,
        *background.understood[-_EARLIER_QUESTIONS:],
        _opening(background.answer, _ANSWER_WORDS),
        _opening(background.earlier_answer, _EARLIER_ANSWER_WORDS),
    )
    return " ".join(part for part in said if part)


def _opening(text: str, words: int) -> str:
    return " ".join(text.split()[:words])
