"""Every mechanism says who pays in hours and who collects its signs, labelled apart, wherever it is shown."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from io import BytesIO

import pytest
from docx import Document

from assistant.domain.advice import MechanismCard
from assistant.domain.answers import CitedAdvice
from assistant.engine import Assistant
from assistant.framework.plan import make_plan
from assistant.web.mechanism_view import mechanism_view
from assistant.web.render_advice import card_html
from assistant.web.render_mechanism import mechanism_html
from assistant.wire_advice import advice_json
from assistant.wire_plan import plan_markdown
from assistant.word import plan_docx

HOURS = re.compile(r"\b(?:hours?|days?|weeks?|months?|minutes|time)\b")
BEARER = re.compile(r"\b(?:paid|pays?|employers?|working time|working day|lent|cost)\b")


@pytest.fixture(scope="module")
def given(bundled: Assistant) -> CitedAdvice:
    return bundled.recommend("Two hospitals, one ahead of the other, want to learn from each other.")


@pytest.fixture(scope="module")
def cards(given: CitedAdvice) -> tuple[MechanismCard, ...]:
    assert len(given.advice.cards) == 28
    return given.advice.cards


def labelled(html: str) -> dict[str, str]:
    """What stands under each label of a list of facts, as plain text."""
    pairs = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", html, re.DOTALL)
    return {unescape(label): unescape(re.sub(r"<[^>]+>", "", told)).strip() for label, told in pairs}


def test_the_catalogue_says_of_each_who_gives_how_much_time_and_who_bears_it(
    cards: tuple[MechanismCard, ...],
) -> None:
    for card in cards:
        assert HOURS.search(card.effort.who_pays), card.mechanism_id
        assert BEARER.search(card.effort.who_pays), card.mechanism_id
    assert len({card.effort.who_pays for card in cards}) == len(cards)


def test_the_catalogue_names_a_collector_and_how_or_when_for_both_kinds_of_sign(
    cards: tuple[MechanismCard, ...],
) -> None:
    for card in cards:
        signs = card.indicators
        assert signs.leading, card.mechanism_id
        assert signs.lagging, card.mechanism_id
        for told in (signs.leading_collected_by, signs.lagging_collected_by):
            who, _, occasion = told.partition(",")
            assert len(who.split()) >= 2, (card.mechanism_id, told)
            assert len(occasion.split()) >= 2, (card.mechanism_id, told)


def test_every_card_and_every_page_of_a_mechanism_labels_them_apart(
    cards: tuple[MechanismCard, ...], given: CitedAdvice, bundled: Assistant
) -> None:
    for card in cards:
        signs = card.indicators
        on_card = labelled(card_html(card, given, number=1))
        on_page = labelled(mechanism_html(mechanism_view(bundled, card.mechanism_id, 1)))
        for shown, early, later in (
            (on_card, "Who collects the early sign", "Who collects the later sign"),
            (on_page, "Who collects the early signs", "Who collects the later signs"),
        ):
            assert shown["Who pays in hours"] == f"{card.effort.who_pays}."
            assert shown[early] == f"{signs.leading_collected_by}."
            assert shown[later] == f"{signs.lagging_collected_by}."
        assert on_card["Early sign to watch"] == signs.leading[0]
        assert on_card["Later sign to watch"] == signs.lagging[0]


def test_every_json_card_has_a_field_for_each(cards: tuple[MechanismCard, ...], given: CitedAdvice) -> None:
    told = {card["mechanism_id"]: card for card in advice_json(given, all_cards=True)["recommendations"]}
    for card in cards:
        as_json = told[card.mechanism_id]
        assert as_json["effort"]["who_pays"] == card.effort.who_pays
        assert as_json["leading_collected_by"] == card.indicators.leading_collected_by
        assert as_json["lagging_collected_by"] == card.indicators.lagging_collected_by


def test_every_plan_names_them_in_markdown_and_in_word(
    cards: tuple[MechanismCard, ...], given: CitedAdvice, bundled: Assistant
) -> None:
    for card in cards:
        plan = make_plan(given, bundled.catalogue, start=date(2027, 1, 4), mechanisms=[card.mechanism_id])
        assert f"| Who pays in hours | {card.effort.who_pays}. |" in plan_markdown(plan)
        tables = Document(BytesIO(plan_docx(plan))).tables
        rows = [[cell.text for cell in row.cells] for table in tables for row in table.rows]
        assert ["Who pays in hours", f"{card.effort.who_pays}."] in rows
        collectors = {row[0]: row[2] for row in rows if len(row) == 4}
        assert collectors[card.indicators.leading[0]] == card.indicators.leading_collected_by
        assert collectors[card.indicators.lagging[0]] == card.indicators.lagging_collected_by
