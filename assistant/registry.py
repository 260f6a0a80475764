"""Names to parts, each imported when first used.

A registry is one small table `name -> "module:attribute"`. It never imports a part nobody asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from importlib import import_module
from typing import Any

from assistant.errors import SettingsError


class Registry:
    """One kind of part, found by name."""

    def __init__(self, kind: str, parts: Mapping[str, str]) -> None:
        self.kind = kind
        self._parts = dict(parts)

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def __contains__(self, name: object) -> bool:
        return name in self._parts

    def load(self, name: str) -> Any:
        """The part called `name`. Raises SettingsError, with the nearest name, if there is none."""
        try:
            module, _, attribute = self._parts[name].partition(":")
        except KeyError:
            near = get_close_matches(name, self._parts, n=1)
            hint = f"Did you mean '{near[0]}'?" if near else f"Known: {', '.join(sorted(self._parts))}."
            raise SettingsError(f"There is no {self.kind} called '{name}'.", hint=hint) from None
        return getattr(import_module(module), attribute)
