"""What a question is about, as pairs of mechanism and factor, so that a refusal counts without its words.

A factor counts as spoken of if the question names it or one of the researchers' patterns of words meets it.
Nothing is guessed from likeness: a question that names neither gives no pair.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence

from assistant.domain.framework import Catalogue
from assistant.framework.cues import Cues
from assistant.framework.segments import plain, stem

Pair = tuple[str | None, str | None]
MOST_PAIRS = 6
"""A question that names more than this speaks of everything, and tells nothing of a gap."""


class Matters:
    """Reads mechanisms and factors out of questions, by name and by pattern."""

    def __init__(
        self,
        catalogue: Catalogue,
        mechanisms_named: Callable[[str], Collection[str]],
        *,
        patterns: Mapping[str, Mapping[str, Sequence[str]]] | None = None,
    ) -> None:
        factors = catalogue.framework.factors if catalogue.framework else ()
        self._names = {factor.id: _stems(factor.name) for factor in factors}
        self._mechanisms = tuple(catalogue.mechanisms)
        self._mechanisms_named = mechanisms_named
        self._cues = Cues({f: levels for f, levels in (patterns or {}).items() if f in self._names})

    def pairs(self, question: str) -> tuple[Pair, ...]:
        """Every pair of a mechanism and a factor named, in the catalogue's order; None where one is missing.

        Empty if nothing is named, or so much that the question points nowhere.
        """
        named = self._mechanisms_named(question)
        mechanisms: list[str | None] = [key for key in self._mechanisms if key in named]
        factors: list[str | None] = list(self.factors(question))
        if not mechanisms and not factors:
            return ()
        pairs = tuple((m, f) for m in mechanisms or [None] for f in factors or [None])
        return pairs if len(pairs) <= MOST_PAIRS else ()

    def factors(self, question: str) -> tuple[str, ...]:
        """The factors that a question names or that a pattern of words meets, in the framework's order."""
        said = f" {' '.join(_stems(question))} "
        met = {hit.factor for hit in self._cues.hits(question)}
        return tuple(key for key, name in self._names.items() if key in met or f" {' '.join(name)} " in said)


def _stems(text: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in re.findall(r"[a-z]+", plain(text)))
