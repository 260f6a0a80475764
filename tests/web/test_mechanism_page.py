"""What the Mechanisms page says of each mechanism, on the real corpus."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from assistant.domain.advice import ReachQuery
from assistant.domain.framework import Basis, Polarity
from assistant.framework.choosing import MechanismFilter
from assistant.framework.reach import count
from assistant.web.mechanism_view import mechanism_view
from assistant.web.pages.mechanisms import restored
from assistant.web.plots import mechanism_dots, numbers_by_id
from assistant.web.render_mechanism import mechanism_html
from assistant.web.render_mechanisms import list_html, mechanism_address
from tests.framework.conftest import load_catalogue

if TYPE_CHECKING:
    from assistant.engine import Assistant

IDS = sorted(load_catalogue().mechanisms)


@pytest.mark.parametrize("mechanism_id", IDS)
def test_each_mechanism_is_told_in_full_and_every_citation_has_its_source(
    bundled: Assistant, mechanism_id: str
) -> None:
    view = mechanism_view(bundled, mechanism_id, 1)
    told = mechanism_html(view)
    for heading in (
        "What favours it",
        "What gets in its way",
        "Doing it",
        "Watching it",
        "What studies found",
    ):
        assert f"<h3>{heading}" in told
    cited = set(re.findall(r'href="#s1-(\d+)"', told))
    assert cited == set(re.findall(r'<details class="ea-source" id="s1-(\d+)"', told))
    assert len(re.findall(r'id="(c1-\d+)"', told)) == len(cited)


@pytest.mark.parametrize("mechanism_id", IDS)
def test_synthesis_is_marked_and_carries_no_citation(bundled: Assistant, mechanism_id: str) -> None:
    view = mechanism_view(bundled, mechanism_id, 1)
    told = mechanism_html(view)
    items = re.findall(r"<li><strong>[^<]*: (?:high|low)</strong>.*?</li>", told)
    matches = view.card.unknown
    assert len(items) == len(matches)
    assert sum("Our synthesis" in item for item in items) == sum(m.basis is Basis.SYNTHESIS for m in matches)
    assert not any("ea-cite" in item for item in items if "Our synthesis" in item)


def test_counts_are_those_of_the_counting_code_and_groups_count_once(bundled: Assistant) -> None:
    view = mechanism_view(bundled, "exemplar-follower-pairing", 6)
    told = mechanism_html(view)
    for polarity, name in ((Polarity.SUPPORTS, "In favour"), (Polarity.CAUTIONS, "Cautionary")):
        reach = count(
            ReachQuery(mechanism="exemplar-follower-pairing", polarity=polarity.value), bundled.catalogue
        )
        cells = f"<td>{len(reach.findings)}</td><td>{len(reach.studies)}</td><td>{len(reach.groups)}</td>"
        assert f'<th scope="row">{name}</th>{cells}' in told


def test_every_quote_is_stored_word_for_word(bundled: Assistant) -> None:
    view = mechanism_view(bundled, "learning-network", 1)
    for key, citation in view.citations.items():
        assert citation.quote == bundled.catalogue.findings[key].statement
        assert bundled.library.passage(citation.passage_id)


def test_a_study_that_may_not_be_shown_is_counted_but_not_quoted(bundled: Assistant) -> None:
    view = mechanism_view(bundled, "exemplar-follower-pairing", 1)
    hidden = [key for key in view.findings[Polarity.SUPPORTS] if key not in view.citations]
    assert hidden
    assert all(not bundled.catalogue.study_of(key).citable for key in hidden)
    assert f"{len(hidden)} more findings of this kind may not be quoted" in mechanism_html(view)


def test_cards_lead_to_the_page_below_the_path_it_is_served_at() -> None:
    catalogue = load_catalogue()
    numbers = numbers_by_id(mechanism_dots(catalogue))
    shown = list_html([catalogue.mechanisms["webinar"]], catalogue, numbers, "/intranet")
    assert 'href="/intranet/mechanisms?m=webinar"' in shown
    assert mechanism_address("", 'a"b&c') == "/mechanisms?m=a%22b%26c"


def test_what_a_browser_kept_is_believed_only_where_it_is_a_choice_of_today() -> None:
    catalogue = load_catalogue()
    kept = {"quadrant": "formal-external", "level": "<b>", "effort": 3, "part": "tend", "words": ["x"]}
    assert restored(kept, catalogue) == MechanismFilter(quadrant="formal-external", part="tend")
    assert restored("nonsense", catalogue) == MechanismFilter()
    assert len(restored({"words": "w" * 999}, catalogue).words) == 200
