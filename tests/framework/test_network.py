"""Who depends on whom, counted from relationships."""

from __future__ import annotations

from datetime import date
from itertools import chain, combinations

from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.monitoring import Relationship
from assistant.framework.network import holders, network

ROLES = ["CIO", "lead nurse", "programme manager", "medical director", "trainer"]


def held(partner: str, holder: str, **more: object) -> Relationship:
    return Relationship(partner=partner, formality=0.5, origin=0.5, holder=holder, **more)  # type: ignore[arg-type]


def test_two_roles_that_hold_all_contacts_are_named() -> None:
    found = network([held("A", "CIO"), held("B", "lead nurse"), held("C", "CIO"), held("D", "lead nurse")])
    assert found.fewest == ("CIO", "lead nurse")
    assert any("Two roles hold all 4 contacts: CIO and lead nurse." in note for note in found.notes)


def test_one_role_that_holds_all_contacts_is_named() -> None:
    found = network([held("A", "CIO"), held("B", "CIO"), held("C", "CIO")])
    assert found.fewest == ("CIO",)
    assert found.notes[0] == "CIO holds all 3 contacts: if that role falls empty, none is left."


def test_three_roles_with_one_contact_each_are_no_two() -> None:
    found = network([held("A", "CIO"), held("B", "lead nurse"), held("C", "trainer")])
    assert not any("Two roles" in note for note in found.notes)
    assert found.notes[0] == "3 roles hold all 3 contacts; no two of them hold all."


def test_a_partner_that_hangs_on_one_role_is_named() -> None:
    found = network([held("A", "CIO, lead nurse"), held("B", "CIO")])
    assert found.single == ("B",)
    assert "Only one role holds the contact with B. Name a second one there." in found.notes


def test_a_contact_that_nobody_holds_is_named() -> None:
    found = network([held("A", "CIO"), held("B", " , ")])
    assert found.unheld == ("B",)
    assert "Nobody is named as holding the contact with B." in found.notes


def test_relationships_that_have_ended_do_not_count() -> None:
    today = date(2026, 5, 1)
    gone = held("A", "CIO", ended=today)
    assert network([gone, held("B", "trainer")], today=today).partners == ("B",)
    assert network([held("A", "CIO", ended=date(2026, 5, 2))], today=today).partners == ("A",)


def test_nothing_entered_says_so() -> None:
    assert network([]).notes == (
        "No relationship is entered yet, so nothing can be said on who depends on whom.",
    )


def test_one_role_in_other_letters_is_one_role() -> None:
    found = network([held("A", "Lead  Nurse"), held("B", "lead nurse")])
    assert [(tie.holder, tie.partners) for tie in found.ties] == [("Lead Nurse", ("A", "B"))]
    assert holders("CIO; Trainer and cio,trainer") == ("CIO", "Trainer")


@given(
    st.lists(st.tuples(st.sampled_from("ABCDEFG"), st.sets(st.sampled_from(ROLES))), min_size=1, max_size=12)
)
def test_the_fewest_roles_that_hold_all_are_a_smallest_set(told: list[tuple[str, set[str]]]) -> None:
    found = network([held(partner, ", ".join(sorted(roles))) for partner, roles in told])
    by_role = {tie.holder: set(tie.partners) for tie in found.ties}
    covered = set(chain.from_iterable(by_role.values()))
    assert covered | {*found.unheld} == {*found.partners}
    assert covered & {*found.unheld} == set()
    sizes = [
        size
        for size in range(len(by_role) + 1)
        for some in combinations(by_role, size)
        if set(chain.from_iterable(by_role[role] for role in some)) == covered
    ]
    assert len(found.fewest) == min(sizes)
    assert set(chain.from_iterable(by_role[role] for role in found.fewest)) == covered
    for partner in found.partners:
        assert (partner in found.single) == (sum(partner in held for held in by_role.values()) == 1)


def test_very_many_roles_are_counted_quickly() -> None:
    found = network([held(f"P{n}", f"role {n}, role {n // 2}") for n in range(200)])
    assert {p for tie in found.ties if tie.holder in found.fewest for p in tie.partners} == {*found.partners}
