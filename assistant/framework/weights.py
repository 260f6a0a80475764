"""Every weight of the advice in one place, each with its reason. Weights are judgement, not measurement.

Chosen on worked cases of our own and a small set of labelled situations; see DECISIONS.md for what was tried.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from assistant.framework.likeness import Shares


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingWeights:
    """How conditions are read from words."""

    shares: Shares = field(default=Shares(meaning=0.7, words=0.3))
    """Embeddings find the factor; words decide which way it points."""
    ridge: float = 1.0
    """Smoothing over some 700 remarks; less makes single remarks count too much."""
    present: float = 0.18
    """Least presence at which a factor counts as spoken of: more finds more and means less."""
    pattern_presence: float = 0.5
    """What a pattern adds to presence: one alone is enough."""
    pattern_level: float = 1.0
    """What a pattern adds to the level, next to remarks: patterns were right on the end 49 times in 50."""
    middle: float = 0.4
    """Half-width of the middle: a doubtful end is read as mid, since the opposite end misleads most."""
    unsettled: float = 0.55
    """The same where no pattern of words settled it: embeddings alone often mistake a denial."""
    sure: float = 0.6
    """Presence at which confidence is full."""
    nearby: float = 0.6
    """Segments within this share of the clearest one also speak on the level."""
    hedge: float = 0.6
    """What a hedge ("maybe") leaves of the confidence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceWeights:
    """How mechanisms are ordered."""

    shares: Shares = field(default=Shares(meaning=0.35, words=0.25, sentences=0.3, features=0.1))
    """Sentences find what settles a long story; conditions read from it keep clear of wrong choices."""
    ridge: float = 1.5
    """Smoothing over some 700 situations; figures hardly move between 1 and 2."""
    also: float = 0.4
    """Mark of a mechanism that would also do, next to 1 for the best."""
    not_here: float = -0.7
    """Mark of a mechanism that would be wrong."""
    situation: float = 8.0
    """What likeness to situations counts next to one condition met."""
    favour: float = 0.3
    """A favouring condition met: several together tip a balance, one does not."""
    unmet: float = 0.1
    """A favouring condition that is known not to hold: less than one that stands in the way."""
    hinder: float = 1.0
    """A hindering condition met: a clearly wrong choice costs a reader more than a missed good one gains."""
    tentative: float = 0.7
    """Share of a condition that no firm link or only our synthesis stands behind."""
    breadth: float = 0.1
    """Evidence breadth: breaks ties between mechanisms of equal fit, and no more."""
    shown: int = 3
    """Mechanisms a reader is shown first."""
    enough_likeness: float = 0.12
    """Least likeness of the best mechanism at which a situation says something when no condition was read."""
    like: float = 0.1
    """Likeness from which a card says that the situation resembles ones the mechanism suits."""
    clearly: float = 0.3
    """Pull of a hindering condition from which we advise against a mechanism by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpectrumWeights:
    """How a relationship is placed on the two axes."""

    shares: Shares = field(default=Shares(meaning=0.5, words=0.5))
    """Formal and informal ties are told in the same topics, in other words."""
    ridge: float = 3.0
    """Smoothing over some 500 texts."""
    full: float = 0.6
    """Mark that reaches the end of an axis."""
    least: float = 0.05
    """Confidence below which the words are taken to say nothing."""


READING = ReadingWeights()
ADVICE = AdviceWeights()
SPECTRUM = SpectrumWeights()
