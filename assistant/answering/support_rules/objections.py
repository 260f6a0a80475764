"""What speaks against a statement, one rule each: how strongly, and in a sentence for people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from assistant.answering.support_rules.comparing import Sentence, Text, closest, met
from assistant.answering.support_rules.figures import figures, held
from assistant.answering.support_rules.lexicon import (
    ABSOLUTES,
    DIRECTIONS,
    HEDGES,
    OBLIGES,
    PERMITS,
    PLACES,
    QUANTIFIERS,
    alike,
    opposites,
)
from assistant.answering.support_rules.wording import Word


@dataclass(frozen=True, slots=True)
class Objection:
    """One reason for doubt. `rule` names the row of the table of weights."""

    rule: str
    reason: str


_NEAR_COPY = 0.75
"""From this share of common words on, a sentence is compared word by word with the one it seems to copy."""
_LONGEST_COPY = 80

Rule = Callable[[Sentence, Text], list[Objection]]


def numbers(statement: Sentence, evidence: Text) -> list[Objection]:
    """Numbers that the evidence does not hold."""
    others = list(evidence.figures)
    return [
        Objection("number", f"The evidence does not hold the number {figure.value:g}.")
        for figure in figures(statement.text)
        if not held(figure, others)
    ]


def names(statement: Sentence, evidence: Text) -> list[Objection]:
    """Names and acronyms that the evidence does not hold."""
    return [
        Objection(_kind_of_name(word), f"The evidence does not name {word.text}.")
        for word in statement.words
        if _is_name(word) and _missing(word, evidence)
    ]


def _is_name(word: Word) -> bool:
    """True for a capital that no sentence start explains, and for two capitals or a digit with one."""
    if word.lower.removesuffix("'s") in PLACES:
        return True
    return word.text[0].isupper() and "-" not in word.text and (not word.first or not word.text[1:].islower())


def _kind_of_name(word: Word) -> str:
    return "name" if word.text[1:].islower() else "acronym"


def _missing(word: Word, evidence: Text) -> bool:
    return word.content and word.stem not in evidence.stems and word.lower not in evidence.lowers


def negation(statement: Sentence, evidence: Text) -> list[Objection]:
    """A negation whose words stand in the evidence, but never negated."""
    found = []
    for scope in statement.scopes:
        reached = {like for word in scope for like in alike(word)}
        places = [s for s in evidence.sentences if not reached.isdisjoint(s.stems)]
        if places and all(reached.isdisjoint(s.negated) for s in places):
            found.append(Objection("negated", "The evidence does not say this 'not'."))
    return found


def affirmed(statement: Sentence, evidence: Text) -> list[Objection]:
    """What the closest evidence denies and the statement does not."""
    if statement.scopes:
        return []
    for share, near in closest(statement, evidence, 1):
        denied = [w for w in statement.content if w.stem in near.negated]
        if share >= 0.5 and denied:
            return [Objection("affirmed", f"The evidence says no to '{denied[0].text}'.")]
    return []


def turned(statement: Sentence, evidence: Text) -> list[Objection]:
    """Words whose opposite stands in the closest evidence while they stand nowhere in it."""
    near = frozenset().union(*(s.stems for _, s in closest(statement, evidence)))
    found = []
    for word in statement.content:
        if met(word, evidence.stems) or word.lower in evidence.lowers:
            continue
        against = opposites(word.lower, word.stem) & near
        if against:
            found.append(Objection("opposite", f"'{word.text}' is the opposite of what the evidence says."))
    return found


def turned_near(statement: Sentence, evidence: Text) -> list[Objection]:
    """Words whose opposite stands in the closest sentence while they do not, though they occur elsewhere."""
    found = []
    for share, near in closest(statement, evidence, 1):
        if share < 0.4:
            continue
        for word in statement.content:
            if word.stem in near.stems or word.stem not in evidence.stems:
                continue
            if opposites(word.lower, word.stem) & near.stems:
                found.append(Objection("opposite_near", f"'{word.text}' is turned round in the evidence."))
    return found


def absolute(statement: Sentence, evidence: Text) -> list[Objection]:
    """Words like "all" and "never" that the evidence does not use."""
    return [
        Objection("absolute", f"The evidence does not say '{word.text}'.")
        for word in statement.words
        if word.lower in ABSOLUTES and word.lower not in evidence.lowers
    ]


def new_negation(statement: Sentence, evidence: Text) -> list[Objection]:
    """Negations of any form that the evidence has nowhere near."""
    near = [s for _, s in closest(statement, evidence, 2)]
    extra = len(statement.scopes) - sum(len(s.scopes) for s in near)
    return [Objection("new_negation", "The evidence says no such 'not'.")] * max(0, min(extra, 2))


def hedge(statement: Sentence, evidence: Text) -> list[Objection]:
    """A "may" in the evidence that the statement leaves out."""
    if any(w.lower in HEDGES for w in statement.words):
        return []
    for share, near in closest(statement, evidence, 1):
        if share >= 0.5 and any(w.lower in HEDGES for w in near.words):
            return [Objection("hedge", "The evidence is less certain than this sentence.")]
    return []


def modality(statement: Sentence, evidence: Text) -> list[Objection]:
    """ "Must" or "will" where the closest evidence says "may" or "can"."""
    said = {w.lower for w in statement.words}
    for share, near in closest(statement, evidence, 1):
        there = {w.lower for w in near.words}
        if share >= 0.5 and said & OBLIGES - there and there & PERMITS - said:
            return [Objection("modality", "The evidence says only that this may be so.")]
    return []


def direction(statement: Sentence, evidence: Text) -> list[Objection]:
    """ "More", "before" or "without" where the evidence has the contrary in front of the same word."""
    found = []
    near = [s for share, s in closest(statement, evidence, 1) if share >= 0.6]
    for place, word in enumerate(statement.words):
        contrary = DIRECTIONS.get(word.lower)
        if not contrary:
            continue
        target = next((w.stem for w in statement.words[place + 1 : place + 4] if w.content), None)
        ahead = [_ahead(s, target) for s in evidence.sentences if target in s.stems] if target else []
        ahead += [frozenset(w.lower for w in s.words) for s in near if word.lower not in evidence.lowers]
        if any(contrary & words for words in ahead) and not any(word.lower in words for words in ahead):
            found.append(Objection("direction", f"The evidence does not say '{word.text}' here."))
    return found


def _ahead(sentence: Sentence, target: str) -> frozenset[str]:
    """The three words ahead of each place where the stem `target` stands."""
    places = [i for i, w in enumerate(sentence.words) if w.stem == target]
    return frozenset(w.lower for i in places for w in sentence.words[max(0, i - 3) : i])


def quantity(statement: Sentence, evidence: Text) -> list[Objection]:
    """ "All" or "most" where the evidence says "some" or "few" of the same thing, and the other way round."""
    found = []
    for noun, amount in _amounts(statement):
        there = [a for s in evidence.sentences for n, a in _amounts(s) if n == noun]
        if there and min(abs(amount - a) for a in there) > 1:
            found.append(Objection("quantity", "The evidence gives another share of the whole."))
    return found


def _amounts(sentence: Sentence) -> list[tuple[str, int]]:
    """Each quantifier with the stem of the first content word behind it."""
    found = []
    for place, word in enumerate(sentence.words):
        if word.lower in QUANTIFIERS:
            behind = [w.stem for w in sentence.words[place + 1 : place + 5] if w.content]
            if behind:
                found.append((behind[0], QUANTIFIERS[word.lower]))
    return found


def roles(statement: Sentence, evidence: Text) -> list[Objection]:
    """ "A asked B" where the evidence has "B asked A": the same three words, the outer two exchanged."""
    order = [w.stem for w in statement.content]
    passive = _passive(statement)
    for share, near in closest(statement, evidence, 1):
        there = [w.stem for w in near.content]
        if share < 0.6 or passive != _passive(near):
            continue
        for a, verb, b in zip(order, order[1:], order[2:], strict=False):
            if len({a, verb, b}) == 3 and _follows(there, (b, verb, a)) and not _follows(there, (a, verb, b)):
                return [Objection("roles", "The evidence has it the other way round.")]
    return []


def altered(statement: Sentence, evidence: Text) -> list[Objection]:
    """A near copy of an evidence sentence with another name, number or an opposite in one place."""
    found = []
    for share, near in closest(statement, evidence, 1):
        if share < _NEAR_COPY or len(statement.words) > _LONGEST_COPY:
            continue
        ours, theirs = statement.words, near.words
        matcher = SequenceMatcher(None, [w.stem for w in ours], [w.stem for w in theirs], autojunk=False)
        for tag, a, b, c, d in matcher.get_opcodes():
            pairs = zip(ours[a:b], theirs[c:d], strict=True) if tag == "replace" and b - a == d - c else ()
            found += [
                Objection("altered", f"'{new.text}' stands where the evidence has '{old.text}'.")
                for new, old in pairs
                if _exchanged(new, old)
            ]
        if _number_pairs(statement) & {(b, a) for a, b in _number_pairs(near)} - _number_pairs(near):
            found.append(Objection("altered", "Two numbers have changed places."))
    return found


def _number_pairs(sentence: Sentence) -> set[tuple[str, str]]:
    """Numbers in digits that stand close together, in order."""
    places = [(i, w.lower) for i, w in enumerate(sentence.words) if w.lower[0].isdigit()]
    return {(a, b) for (i, a), (j, b) in pairwise(places) if j - i <= 4 and a != b}


def _exchanged(new: Word, old: Word) -> bool:
    """True if two words are opposites, or two different names or numbers."""
    if new.lower[0].isdigit() and old.lower[0].isdigit():
        return new.lower != old.lower
    if new.content and old.content and old.stem in opposites(new.lower, new.stem):
        return True
    both_names = not new.first and not old.first and new.text[0].isupper() and old.text[0].isupper()
    return both_names and new.content and old.content and not met(new, frozenset({old.stem}))


def _passive(sentence: Sentence) -> bool:
    return any(w.lower == "by" for w in sentence.words)


def _follows(words: Sequence[str], three: tuple[str, str, str]) -> bool:
    """True if three words stand next to one another in that order."""
    return any(tuple(words[i : i + 3]) == three for i in range(len(words) - 2))


RULES: tuple[Rule, ...] = (
    numbers,
    names,
    negation,
    affirmed,
    turned,
    turned_near,
    absolute,
    new_negation,
    hedge,
    modality,
    direction,
    quantity,
    roles,
    altered,
)


def objections(statement: Sentence, evidence: Text) -> list[Objection]:
    """Everything the rules have to say against one sentence, in the order of the rules."""
    return [objection for rule in RULES for objection in rule(statement, evidence)]
