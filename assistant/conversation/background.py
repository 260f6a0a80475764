"""What earlier turns leave in mind: the subject, the last answer, the things a pronoun may stand for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.conversation.referents import Referent, names, noun_phrases
from assistant.conversation.words import AUXILIARIES, QUESTION_WORDS, TOKEN, VERBS, is_function_word, word_set
from assistant.domain.conversation import Turn

MOST_TURNS = 12
"""Earlier turns are forgotten: whoever returns to a subject dropped so long ago names it again."""
MOST_CHARACTERS = 2000
"""Of a turn no more is read: a question's sense does not hang on what comes later."""

_NO_ANSWER = re.compile(r"(?:sorry\b|i (?:am|'m) sorry|i (?:do not|don't|cannot|can't)\b)", re.I)
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_INTRODUCES = re.compile(
    r"(?:please )?(?:can you |could you )?(?:tell (?:me )?(?:more )?about|describe|explain"
    r"|what (?:is|are|was|were)|who (?:is|are|was|were)|what does it mean to be|take me through"
    r"|i would like to (?:learn|know) about)\s",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Background:
    """What may be meant by a word that points back."""

    subject: Referent | None = None
    """What the conversation is about, as far as its wording shows."""
    heading: str = ""
    """A title given from outside (an article's name), stronger than anything found in the turns."""
    section: str = ""
    asked: tuple[str, ...] = ()
    """The asker's earlier turns, as they were typed."""
    understood: tuple[str, ...] = ()
    """The same turns, each as it was understood."""
    answer: str = ""
    """The last answer; empty if there is none or it said that nothing is known."""
    earlier_answer: str = ""
    """The answer before the last."""
    people: tuple[str, ...] = ()
    """Names of persons in the order they were mentioned, with repeats."""

    @property
    def empty(self) -> bool:
        """True if nothing was said before."""
        return not (self.heading or self.understood or self.answer)

    @property
    def person(self) -> Referent | None:
        """The person spoken of most, the latest of equals; None if no person was named."""
        just_asked = _people(self.asked[-1]) if self.asked else ()
        if just_asked:
            return Referent(just_asked[-1], named=True)
        if not self.people:
            return None
        counts = Counter(self.people)
        latest = {name: place for place, name in enumerate(self.people)}
        best = max(counts, key=lambda name: (counts[name], latest[name]))
        return Referent(best, named=True)


def as_referent(text: str) -> Referent:
    """A title or heading as something to refer to, without what it says in brackets."""
    bare = re.sub(r"\s*\([^()]*\)", "", text).strip() or text
    phrases = noun_phrases(bare)
    return Referent(bare, named=True, plural=bool(phrases) and phrases[0].plural and bare.startswith("The "))


def read(
    turns: Sequence[Turn], topic: Sequence[str], understand: Callable[[str, Background], str]
) -> Background:
    """The background after `turns`, each of the asker's turns understood in the light of those before it."""
    background = Background()
    titles = tuple(topic) or _opening_titles(turns)
    if titles:
        heading = titles[0][:200]
        section = titles[1][:200] if len(titles) > 1 else ""
        background = Background(subject=as_referent(heading), heading=heading, section=section)
    for turn in turns[-MOST_TURNS:]:
        text = " ".join(turn.text[:MOST_CHARACTERS].split())
        if text:
            background = _after(background, turn.role, text, understand)
    return background


def _opening_titles(turns: Sequence[Turn]) -> tuple[str, ...]:
    """The first turns, as long as each is a bare title ("Jane Jacobs", "New York City") and no sentence."""
    titles = []
    for turn in turns[:2]:
        words = turn.text.split()
        if not words or len(words) > 8 or turn.text.rstrip().endswith(("?", ".", "!")):
            break
        if has_clause(turn.text) or not all(
            w[0].isupper() or is_function_word(w) or not w[0].isalpha() for w in words
        ):
            break
        titles.append(turn.text)
    return tuple(titles)


def _after(
    before: Background, role: str, text: str, understand: Callable[[str, Background], str]
) -> Background:
    if role == "assistant":
        if _NO_ANSWER.match(text):
            return replace(before, answer="", earlier_answer=before.answer or before.earlier_answer)
        earlier = before.answer or before.earlier_answer
        return replace(before, answer=text, earlier_answer=earlier, people=before.people + _people(text))
    understood = understand(text, before)
    return replace(
        before,
        subject=_subject(text, understood, before),
        asked=(*before.asked, text),
        understood=(*before.understood, understood),
        people=before.people + _people(understood),
    )


def _people(text: str) -> tuple[str, ...]:
    return tuple(n.text for n in names(text) if n.personal and n.before not in _PLACE_WORDS)


_PLACE_WORDS = word_set("in at on during from to into near of under against")


def _subject(text: str, understood: str, before: Background) -> Referent | None:
    """What `text` is about: what it introduces, else the old subject if still named, else its main phrase."""
    if before.heading:
        return before.subject
    phrases = _phrases(understood)
    introduced = _INTRODUCES.match(text)
    if introduced and understood == text and phrases:
        return phrases[0]
    if before.subject and before.subject.text.lower() in understood.lower():
        return before.subject
    fresh = [n for n in phrases if n.named and n.before not in _PLACE_WORDS] or phrases
    return fresh[0] if fresh else before.subject


def _phrases(text: str) -> list[Referent]:
    """Telling phrases of the last question in `text`; of the whole text if that question has none."""
    asked = [s for s in _SENTENCE.split(text) if s.endswith("?")]
    for part in (*asked[-1:], text):
        phrases = [p for p in noun_phrases(part) if not p.relational]
        if phrases:
            return phrases
    return []


def content_words(text: str) -> list[str]:
    """Words of `text` that are neither grammar nor common verbs, as written."""
    return [
        w
        for w in TOKEN.findall(text)
        if w[0].isalnum() and not is_function_word(w) and w.lower() not in VERBS
    ]


def starts_as_question(text: str) -> bool:
    """True if `text` opens with a question word or an auxiliary."""
    first = TOKEN.search(text)
    return first is not None and first[0].lower() in AUXILIARIES | QUESTION_WORDS


def has_clause(text: str) -> bool:
    """True if `text` holds an auxiliary verb, so that it may be a whole question."""
    return any(word.lower() in AUXILIARIES for word in TOKEN.findall(text))
