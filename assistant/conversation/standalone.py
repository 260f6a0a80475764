"""A follow-up question as one that stands alone, by rules over the words of the conversation.

No model and no grammar library. A question that already stands alone comes back unchanged.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.conversation.background import MOST_CHARACTERS, Background, read
from assistant.conversation.rewriting import rewrite
from assistant.conversation.search_text import search_text
from assistant.domain.conversation import Question, Turn


def stand_alone(
    question: str, turns: Sequence[Turn], *, topic: Sequence[str] = (), id: str | None = None
) -> Question:
    """`question` in the asker's words, as a question that needs no conversation, and as words to search for.

    `turns` are in order, oldest first, without `question` itself. `topic` is a title (and section) under
    which the whole conversation is held, if there is one. Never raises; an empty question stays empty.
    """
    kept = tuple(turns)
    background = read(kept, topic, rewrite)
    if background.empty or not question.strip() or len(question) > MOST_CHARACTERS:
        return Question(question, question, kept, id)
    standalone = rewrite(question, background)
    return Question(question, standalone, kept, id, search_text(question, standalone, background))


__all__ = ["Background", "stand_alone"]
