"""Who depends on whom: which roles hold the contacts, and what would be lost with them. Pure counting.

Says nothing of people, only of the roles that were written down; a contact with no role is named as such.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import combinations

from assistant.domain.monitoring import Network, Relationship, Tie

_EXACT = 12
"""Up to so many holders the fewest that hold all are found exactly; beyond, step by step."""
_MANY = 3
"""From so many partners on, one holder of all is a risk worth a sentence of its own."""


def network(relationships: Iterable[Relationship], *, today: date | None = None) -> Network:
    """Who holds which contacts, from relationships that have not ended (on `today`, if given)."""
    current = [r for r in relationships if r.ended is None or (today is not None and r.ended > today)]
    partners = tuple(dict.fromkeys(_name(r.partner) for r in current))
    held = _held(current)
    ties = tuple(
        Tie(holder=holder, partners=names)
        for holder, names in sorted(held.items(), key=lambda tie: (-len(tie[1]), tie[0].casefold()))
    )
    covered = [name for name in partners if any(name in tie.partners for tie in ties)]
    unheld = tuple(name for name in partners if name not in covered)
    single = tuple(name for name in covered if sum(name in tie.partners for tie in ties) == 1)
    fewest = _fewest(ties, covered)
    return Network(
        partners=partners,
        ties=ties,
        unheld=unheld,
        single=single,
        fewest=fewest,
        notes=_notes(partners, ties, unheld=unheld, single=single, fewest=fewest),
    )


def holders(text: str) -> tuple[str, ...]:
    """The roles that a text names with commas, semicolons or 'and' between them, each once."""
    parts = text.replace(";", ",").replace(" and ", ",").split(",")
    named = dict.fromkeys(_name(part) for part in parts if part.strip())
    return tuple({name.casefold(): name for name in reversed(named)}.values())[::-1]


def _name(text: str) -> str:
    return " ".join(text.split())


def _held(relationships: Sequence[Relationship]) -> dict[str, tuple[str, ...]]:
    """Partners by holder; a role written in other letters is the same role, shown as it came first."""
    spelt: dict[str, str] = {}
    held: dict[str, dict[str, None]] = {}
    for relationship in relationships:
        for holder in holders(relationship.holder):
            name = spelt.setdefault(holder.casefold(), holder)
            held.setdefault(name, {})[_name(relationship.partner)] = None
    return {name: tuple(partners) for name, partners in held.items()}


def _fewest(ties: Sequence[Tie], covered: Sequence[str]) -> tuple[str, ...]:
    """The smallest set of holders that together hold all of `covered`; the first such in order."""
    if not covered:
        return ()
    if len(ties) > _EXACT:
        return _step_by_step(ties, set(covered))
    for size in range(1, len(ties) + 1):
        for some in combinations(ties, size):
            if {name for tie in some for name in tie.partners} >= set(covered):
                return tuple(tie.holder for tie in some)
    raise AssertionError("every covered partner has a holder")


def _step_by_step(ties: Sequence[Tie], left: set[str]) -> tuple[str, ...]:
    chosen: list[str] = []
    while left:
        best = max(ties, key=lambda tie: len(left & set(tie.partners)))
        chosen.append(best.holder)
        left = left - set(best.partners)
    return tuple(chosen)


def _notes(
    partners: Sequence[str],
    ties: Sequence[Tie],
    *,
    unheld: Sequence[str],
    single: Sequence[str],
    fewest: Sequence[str],
) -> tuple[str, ...]:
    if not partners:
        return ("No relationship is entered yet, so nothing can be said on who depends on whom.",)
    notes = [_concentration(partners, ties, fewest, unheld)] if ties else []
    lead = ties[0] if ties else None
    if lead and len(fewest) > 1 and 2 * len(lead.partners) > len(partners) > 2:
        alone = len(set(single) & set(lead.partners))
        notes.append(
            f"{_capital(lead.holder)} holds {len(lead.partners)} of {len(partners)} contacts"
            f"{f', {alone} of them alone' if alone else ''}."
        )
    if single and len(single) < len(partners) - len(unheld):
        notes.append(f"Only one role holds the contact with {_and(single)}. Name a second one there.")
    if unheld:
        notes.append(f"Nobody is named as holding the contact with {_and(unheld)}.")
    return tuple(note for note in notes if note)


def _concentration(
    partners: Sequence[str], ties: Sequence[Tie], fewest: Sequence[str], unheld: Sequence[str]
) -> str:
    number = len(partners) - len(unheld)
    what = f"all {number} contacts" if not unheld else f"all {number} contacts that have a holder"
    if number == 1:
        return f"{_capital(_and([tie.holder for tie in ties]))} hold{'s' * (len(ties) == 1)} the one contact."
    if len(fewest) == 1:
        others = len(ties) - 1
        ending = (
            "if that role falls empty, none is left."
            if not others
            else f"{others} other roles hold some too."
        )
        ending = "one other role holds some too." if others == 1 else ending
        return f"{_capital(fewest[0])} holds {what}: {ending}"
    if len(fewest) == 2 and number >= _MANY:
        return (
            f"Two roles hold {what}: {_and(fewest)}. If one leaves, those contacts may go too; "
            "name a deputy for each."
        )
    return f"{len(ties)} roles hold {what}; no {'one' if len(fewest) == 2 else 'two'} of them hold all."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _and(names: Sequence[str]) -> str:
    """Names as a list in a sentence."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""
