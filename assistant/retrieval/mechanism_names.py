"""Recognises when a question names a mechanism, by its name or one of its other names."""

from __future__ import annotations

import re
from collections.abc import Mapping

import Stemmer

from assistant.domain.framework import Mechanism

_SMALL = frozenset("a an the and or of in on for with by between to at".split())
_TOO_PLAIN = frozenset(
    {"visit", "network", "guide", "pair", "chat", "meet", "share", "review", "partnership"}
)


class MechanismNames:
    """The names of all mechanisms as stems, so that singular and plural meet."""

    def __init__(self, mechanisms: Mapping[str, Mechanism]) -> None:
        self._stem = Stemmer.Stemmer("english")
        self._names = {
            key: tuple(n for n in map(self._stems, _names_of(mechanism)) if _tells(n))
            for key, mechanism in sorted(mechanisms.items())
        }

    def named(self, text: str) -> frozenset[str]:
        """Ids of the mechanisms that `text` names."""
        said = f" {' '.join(self._stems(text))} "
        return frozenset(
            key for key, names in self._names.items() if any(f" {' '.join(name)} " in said for name in names)
        )

    def _stems(self, text: str) -> tuple[str, ...]:
        words = [w for w in re.findall(r"[a-z]+", text.lower()) if w not in _SMALL]
        return tuple(self._stem.stemWords(words))


def _names_of(mechanism: Mechanism) -> tuple[str, ...]:
    parts = re.split(r"\s+(?:or|and)\s+", mechanism.name)
    whole = (mechanism.name, mechanism.id.replace("-", " "), *mechanism.aka)
    return (*whole, *(part for part in parts if " " in part.strip()))


def _tells(stems: tuple[str, ...]) -> bool:
    """A single everyday word does not name a mechanism."""
    return bool(stems) and not (len(stems) == 1 and (stems[0] in _TOO_PLAIN or len(stems[0]) < 5))
