"""Advice from the whole engine: cited from the store, with a receipt, and what speaks against each card."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from assistant.cli import run
from assistant.errors import InputError
from assistant.wire_advice import advice_json

if TYPE_CHECKING:
    from assistant.engine import Assistant

SITUATION = (
    "A national programme paired us with a trust two hours away on another record system. The money lasts a "
    "year. Our two analysts have no time to write anything down. What should we do?"
)
CARD = {
    "rank",
    "mechanism_id",
    "name",
    "met",
    "against",
    "unknown",
    "citations",
    "first_steps",
    "negative_evidence",
    "leading_indicators",
    "lagging_indicators",
    "left_out",
    "transfer",
    "next_best",
}


@pytest.fixture(scope="module")
def advice(bundled: Assistant) -> dict[str, Any]:
    return advice_json(bundled.recommend(SITUATION, id="s1"), all_cards=True)


def test_every_mechanism_is_ranked_and_every_card_is_complete(advice: dict[str, Any]) -> None:
    cards = advice["recommendations"]
    assert [card["rank"] for card in cards] == list(range(1, 29))
    assert all(card.keys() >= CARD for card in cards)
    assert all(card["first_steps"] and card["leading_indicators"] for card in cards)


def test_what_is_our_judgement_carries_no_citation(advice: dict[str, Any]) -> None:
    matches = [
        match
        for card in advice["recommendations"]
        for side in ("met", "against", "unmet", "cleared", "unknown")
        for match in card[side]
    ]
    assert all(not match["citations"] for match in matches if match["basis"] == "synthesis")
    assert any(match["citations"] for match in matches if match["basis"] == "evidence")


def test_every_quote_is_stored_word_for_word(advice: dict[str, Any], bundled: Assistant) -> None:
    cited = [c for card in advice["recommendations"] for c in card["citations"]]
    assert cited
    for citation in cited:
        text = bundled.library.document_text(citation["passage_id"].rsplit(":", 1)[0])
        assert text is not None
        assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_the_receipt_holds_and_a_changed_one_does_not(advice: dict[str, Any], bundled: Assistant) -> None:
    receipt = advice["receipt"]
    assert bundled.verify(receipt).holds
    changed = json.loads(json.dumps(receipt))
    changed["advice"]["recommendations"][0] = "0" * 64
    assert not bundled.verify(changed).holds


def test_advice_with_its_receipt_holds_and_a_changed_card_is_found(
    advice: dict[str, Any], bundled: Assistant
) -> None:
    first = json.loads(json.dumps(advice_json(bundled.recommend(SITUATION))))
    every = json.loads(json.dumps(advice))
    for told in (first, every):
        assert bundled.verify(told["receipt"], answer=told).holds
        for change in ({"name": "Another"}, {"citations": []}, {"first_steps": ["Do nothing"]}):
            card = {**told["recommendations"][-1], **change}
            changed = {**told, "recommendations": [*told["recommendations"][:-1], card]}
            check = bundled.verify(told["receipt"], answer=changed)
            assert check.faults == ("The advice's recommendations are not those in the receipt.",)
    assert not bundled.verify(first["receipt"], answer={**first, "verdict": "none_warranted"}).holds
    assert len(json.dumps(first["receipt"])) < 100_000


def test_the_same_situation_gives_the_same_advice(advice: dict[str, Any], bundled: Assistant) -> None:
    again = advice_json(bundled.recommend(SITUATION, id="s1"), all_cards=True)
    kept = [{k: v for k, v in a.items() if k != "receipt"} for a in (advice, again)]
    assert json.dumps(kept[0]) == json.dumps(kept[1])


def test_conditions_say_which_words_they_were_read_from(advice: dict[str, Any]) -> None:
    assert advice["conditions"]["proximity"]["state"] == "low"
    for reading in advice["conditions"].values():
        assert all(words in SITUATION for words in reading["because"].split("; "))


def test_nothing_to_go_by_is_refused(bundled: Assistant) -> None:
    with pytest.raises(InputError, match="no situation"):
        bundled.recommend("  ")


def test_a_situation_told_by_somebody_in_danger_gets_no_cards_but_where_help_is(bundled: Assistant) -> None:
    with pytest.raises(InputError, match="cannot help with a crisis") as told:
        bundled.recommend("I want to kill myself. Our two hospitals share nothing.")
    assert "Samaritans" in told.value.hint


def test_the_command_gives_the_contract_line_by_line(
    library_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = Path(shutil.copytree(library_dir, tmp_path / "data"))
    lines = tmp_path / "situations.jsonl"
    lines.write_text(
        json.dumps({"id": "v1", "situation": SITUATION}) + "\n" + '{"id": "v2"}\n', encoding="utf-8"
    )
    code = run(["--data-dir", str(data), "recommend", "--all", "--jsonl", str(lines)])
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert code == 2
    assert first["id"] == "v1"
    assert len(first["recommendations"]) == 28
    assert second["id"] == "v2"
    assert second["error"]["sentence"]


def test_the_terminal_says_what_was_understood_and_what_speaks_against(
    library_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = Path(shutil.copytree(library_dir, tmp_path / "data"))
    assert run(["--data-dir", str(data), "recommend", SITUATION]) == 0
    printed = capsys.readouterr().out
    assert "What I understood" in printed
    assert "proximity: low" in printed
    assert "First steps (practice advice)" in printed
    assert "Sources" in printed


def test_an_unknown_suite_is_refused_by_name(
    library_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = Path(shutil.copytree(library_dir, tmp_path / "data"))
    assert run(["--data-dir", str(data), "evaluate", "no-such-suite"]) == 2
    assert "no-such-suite" in capsys.readouterr().err
