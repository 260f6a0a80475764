"""Things that a conversation has spoken of, found by word classes alone, without knowledge of the world."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.conversation.words import (
    DEMONSTRATIVES,
    DETERMINERS,
    GROUP_NOUNS,
    NOT_A_PERSON,
    POSSESSIVES,
    PREPOSITIONS,
    RELATIONAL_NOUNS,
    TOKEN,
    VERBS,
    is_function_word,
    is_plural,
    word_set,
)

_QUOTED = re.compile(r"[\"“]([^\"“”]{2,60})[\"”]")
_NAME_LINKS = word_set("of the and for de la von van & in")
_ACRONYM = re.compile(r"[A-Z][A-Z0-9]+s?$")
_OWNED = re.compile(r"[’']s$")
_BE = word_set("am is are was were be been being")
_OPENERS = frozenset('.?!:;"“(')


@dataclass(frozen=True, slots=True)
class Referent:
    """One thing that was named: its words as written, and what kind of pronoun may stand for it."""

    text: str
    start: int = 0
    named: bool = False
    plural: bool = False
    article: str = ""
    """`a`, `an` or `the`, if it was written with one."""
    before: str = ""
    """The word in front of it, lower case."""

    @property
    def full(self) -> str:
        """The words with their article."""
        return f"{self.article} {self.text}" if self.article else self.text

    @property
    def head(self) -> str:
        """The noun that the phrase is built on."""
        return re.split(r" (?:of|to|for|in|with) ", self.text)[0].split()[-1]

    @property
    def personal(self) -> bool:
        """True if it may be one person: capitalised words, none of them an institution's, no article."""
        words = self.text.split()
        lower = {word.lower() for word in words}
        capital = self.named and len(words) <= 4 and all(w[0].isupper() for w in words if len(w) > 3)
        return (
            capital
            and not self.article
            and not lower & (NOT_A_PERSON | GROUP_NOUNS)
            and not _ACRONYM.match(words[0])
        )

    @property
    def relational(self) -> bool:
        """True if it says little until one knows of what ("the main types")."""
        return self.head.lower() in RELATIONAL_NOUNS


Tokens = Sequence[tuple[str, int]]


def tokens_of(text: str) -> list[tuple[str, int]]:
    """Words and marks of `text`, each with where it starts."""
    return [(m.group(), m.start()) for m in TOKEN.finditer(text)]


def names(text: str) -> list[Referent]:
    """Names in `text`, in order: capitalised words linked by "of" or "the", acronyms, titles."""
    found = [Referent(m[1], m.start(1), True) for m in _QUOTED.finditer(text)]
    tokens = tokens_of(text)
    index = 0
    while index < len(tokens):
        last = _name_end(tokens, index)
        if last is None:
            index += 1
            continue
        start = tokens[index][1]
        if not any(r.start <= start < r.start + len(r.text) for r in found):
            found.append(_referent(text, tokens, index, last, named=True))
        index = last + 1
    return sorted(found, key=lambda r: r.start)


def _referent(text: str, tokens: Tokens, first: int, last: int, *, named: bool) -> Referent:
    start, end = tokens[first][1], tokens[last][1] + len(tokens[last][0])
    before = tokens[first - 1][0].lower() if first else ""
    written = _OWNED.sub("", text[start:end])
    head = re.split(r" (?:of|to|for|in|with) ", written)[0].split()[-1]
    article = before if before in {"a", "an", "the"} else ""
    if article and first >= 2:
        before = tokens[first - 2][0].lower()
    plural = is_plural(head) and (not named or article == "the")
    return Referent(written, start, named, plural, article, before)


def _name_end(tokens: Tokens, index: int) -> int | None:
    """Index of the last token of the name that starts at `index`; None if no name starts there."""
    word = tokens[index][0]
    if not word[0].isupper() or is_function_word(word) or word == "I":
        return None
    last = index
    probe = index + 1
    while probe < len(tokens) and not _OWNED.search(tokens[last][0]):
        following = tokens[probe][0]
        if (
            following[0].isupper()
            and following.lower() not in PREPOSITIONS
            and not is_function_word(following)
        ):
            last = probe
        elif following.lower() not in _NAME_LINKS or probe - last > 1:
            break
        probe += 1
    opens = index == 0 or tokens[index - 1][0] in _OPENERS
    if not opens or last > index or _ACRONYM.match(word):
        return last
    return last if _acts(tokens, index) else None


def _acts(tokens: Tokens, index: int) -> bool:
    """True if a capitalised word that opens a sentence is followed by a verb, so that it may be a name."""
    word = tokens[index][0]
    following = tokens[index + 1][0].lower() if index + 1 < len(tokens) else ""
    if word.lower() in VERBS or is_plural(word):
        return _OWNED.search(word) is not None
    return (
        following in VERBS
        or following in {"was", "is", "had", "has", "also", "did"}
        or bool(_OWNED.search(word))
    )


def noun_phrases(text: str) -> list[Referent]:
    """Noun phrases in `text`, in order: content words, joined by "of"."""
    tokens = tokens_of(text)
    words = [word for word, _ in tokens]
    capital = {r.start for r in names(text)}
    return [_referent(text, tokens, a, b, named=tokens[a][1] in capital) for a, b in _chunks(words)]


def _chunks(words: list[str]) -> Iterator[tuple[int, int]]:
    """First and last index of every noun phrase."""
    index = 0
    while index < len(words):
        if not _opens(words, index):
            index += 1
            continue
        last = _run(words, index)
        relational = words[last].lower() in RELATIONAL_NOUNS
        while not relational and last + 2 < len(words) and words[last + 1].lower() == "of":
            inner = last + 2
            if words[inner].lower() in DETERMINERS | POSSESSIVES and inner + 1 < len(words):
                inner += 1
            if not _content(words, inner):
                break
            last = _run(words, inner)
        yield index, last
        index = last + 1


def _content(words: list[str], index: int) -> bool:
    return words[index][0].isalnum() and not is_function_word(words[index])


def _opens(words: list[str], index: int) -> bool:
    """True if a noun phrase may start here: a content word, no verb unless an article leads it."""
    if not _content(words, index):
        return False
    before = words[index - 1].lower() if index else ""
    if words[index].endswith(("ing", "ed")) and (
        before in _BE or before.endswith(("'re", "'m", "’re", "’m"))
    ):
        return False
    if words[index].lower() not in VERBS:
        return True
    return before in DETERMINERS | POSSESSIVES | DEMONSTRATIVES or before == "of"


def _run(words: list[str], index: int) -> int:
    """Index of the last content word of the run that starts at `index`."""
    while index + 1 < len(words) and _content(words, index + 1) and _stays_noun(words, index + 1):
        index += 1
    return index


def _stays_noun(words: list[str], index: int) -> bool:
    """True unless a word inside a run is a verb; "sharing" with no object behind it is a noun."""
    if words[index].lower() not in VERBS:
        return True
    following = words[index + 1].lower() if index + 1 < len(words) else ""
    objectless = not following or not following[0].isalnum() or following in PREPOSITIONS
    return words[index].endswith("ing") and objectless
