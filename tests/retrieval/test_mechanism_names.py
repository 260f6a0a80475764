"""A question names a mechanism by its name, another name, singular or plural."""

from __future__ import annotations

import pytest

from assistant.retrieval.mechanism_names import MechanismNames
from tests.made_up import mechanism

NAMES = MechanismNames({key: mechanism(key) for key in ("site-visit", "community-of-practice", "webinar")})


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Do site visits help?", {"site-visit"}),
        ("Is a community of practice worth it?", {"community-of-practice"}),
        ("Webinars or a site visit?", {"webinar", "site-visit"}),
        ("We had a visit on site.", set()),
        ("Who should we ring?", set()),
    ],
)
def test_mechanisms_are_recognised_by_name(text: str, named: set[str]) -> None:
    assert NAMES.named(text) >= named
    if not named:
        assert not NAMES.named(text)
