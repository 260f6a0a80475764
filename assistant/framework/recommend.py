"""Recommends mechanisms for a situation: the one entry most callers need.

    adviser = Adviser(catalogue, wordings, embedder)
    adviser.advise("We have been paired with ...")            -> Advice, from words
    adviser.advise(text, answers=profile_from_answers(...))   -> answers outrank words
    adviser.advise(profile=profile)                           -> from a diagnosis alone

Deterministic: from the catalogue's conditions, the likeness to known situations and the findings behind them.
No language model; no wording of answers; nothing is stored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.domain.advice import Advice, MechanismCard, Profile, Verdict
from assistant.domain.framework import Catalogue
from assistant.framework.cards import card, explain_order
from assistant.framework.conditions import ConditionReader, examples
from assistant.framework.deciding import deciding_questions
from assistant.framework.encoding import WholeTexts
from assistant.framework.fit import Scorer
from assistant.framework.profile import joined
from assistant.framework.relevance import SituationReader, taught_situations
from assistant.framework.segments import Segment, segments, sentences, spelt_out
from assistant.framework.sequence import advise_against, sequence
from assistant.framework.spectrum import SpectrumReader, taught_places
from assistant.framework.weights import ADVICE, AdviceWeights
from assistant.framework.wordings import Wordings
from assistant.index.embeddings import Embedder


class Adviser:
    """Reads situations and recommends. Building one encodes some 2,900 short texts once; keep it."""

    def __init__(
        self,
        catalogue: Catalogue,
        wordings: Wordings,
        embedder: Embedder,
        *,
        known: Mapping[str, NDArray[np.float32]] | None = None,
        weights: AdviceWeights = ADVICE,
    ) -> None:
        """`known` holds vectors from before, by text (`stored_vectors`); what it lacks is encoded now."""
        self.catalogue, self._weights = catalogue, weights
        self._scorer = Scorer(catalogue, weights)
        self._encode = encode = WholeTexts(embedder, known=known)
        encode.keep(taught_texts(catalogue, wordings))
        self.conditions = ConditionReader(catalogue, wordings, encode)
        self.situations = SituationReader(catalogue, wordings, encode, self.conditions, weights=weights)
        self.spectrum = SpectrumReader(catalogue, wordings, encode)

    def advise(
        self, text: str = "", *, answers: Profile | None = None, profile: Profile | None = None
    ) -> Advice:
        """Advice on a situation told in words, on a profile, or on both.

        With `profile` the words are not read for conditions again (a corrected profile stays as corrected);
        with `answers` they are, and the answers outrank them.
        """
        if text.strip():
            self._encode([piece for t in (text, spelt_out(text)) for piece in (t, *_texts(segments(t)))])
        known = profile if profile is not None else self.conditions.read(text)
        known = joined(known, answers) if answers else known
        relevance = self.situations.relevance(text)
        cards = self._cards(known, relevance)
        verdict, because = self._verdict(known, relevance, cards)
        against = advise_against(
            cards, known, dict(relevance), dict(self.catalogue.mechanisms), weights=self._weights
        )
        steps = (
            sequence(cards, frozenset(a.mechanism_id for a in against))
            if verdict is Verdict.RECOMMENDED
            else ()
        )
        framework = self.catalogue.framework
        questions = (
            deciding_questions(known, framework, lambda trial: self.order(trial, relevance))
            if framework
            else ()
        )
        return Advice(
            verdict=verdict,
            because=because,
            profile=known,
            cards=cards,
            shown=self._weights.shown if verdict is Verdict.RECOMMENDED else 0,
            sequence=steps,
            advise_against=against,
            questions=questions,
            place=self.spectrum.place(text),
        )

    def order(self, profile: Profile, relevance: Mapping[str, float] | None = None) -> list[str]:
        """Every mechanism id, best first; equal scores in order of id."""
        scores = self._scores(profile, relevance or {})
        return sorted(scores, key=lambda key: (-scores[key], key))

    def _scores(self, profile: Profile, relevance: Mapping[str, float]) -> dict[str, float]:
        return self._scorer.scores(profile, relevance)

    def _cards(self, profile: Profile, relevance: Mapping[str, float]) -> tuple[MechanismCard, ...]:
        scores = self._scores(profile, relevance)
        order = sorted(scores, key=lambda key: (-scores[key], key))
        cards = tuple(
            card(
                self.catalogue.mechanisms[key],
                profile,
                self.catalogue,
                rank=rank,
                score=scores[key],
                relevance=relevance.get(key, 0.0),
                weights=self._weights,
            )
            for rank, key in enumerate(order, start=1)
        )
        return explain_order(cards)

    def _verdict(
        self, profile: Profile, relevance: Mapping[str, float], cards: Sequence[MechanismCard]
    ) -> tuple[Verdict, str]:
        best = max(relevance.values(), default=0.0)
        if not cards or (len(profile.readings) < 2 and best < self._weights.enough_likeness):
            return (
                Verdict.NOT_ENOUGH_KNOWN,
                "Too little is known of your situation to recommend anything yet.",
            )
        if cards[0].score <= 0:
            return (
                Verdict.NONE_WARRANTED,
                "Something speaks against every mechanism here, so none is recommended now.",
            )
        return (
            Verdict.RECOMMENDED,
            "These fit what you described best; the weights behind the order are judgement.",
        )


def _texts(pieces: Sequence[Segment]) -> list[str]:
    return [piece.text for piece in pieces]


def taught_texts(catalogue: Catalogue, wordings: Wordings) -> list[str]:
    """Every text that an adviser encodes when it is built; encode these beforehand to start faster."""
    situations = [text for text, _ in taught_situations(catalogue, wordings)]
    return [
        *(text for text, _, _ in examples(catalogue, wordings)),
        *situations,
        *(line for text in situations for line in _texts(sentences(text))),
        *(text for text, _ in taught_places(catalogue, wordings)),
    ]
