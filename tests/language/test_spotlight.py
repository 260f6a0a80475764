import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.framework import Catalogue
from assistant.language.spotlight import FENCE, has_code, marked, marker_for, talks_to_the_machine, unmarked
from tests.language.planted import planted

HONEST = "Hospitals that paired with another site learned faster. Managers valued the visits."


def test_nearly_every_planted_instruction_keeps_its_passage_from_the_model() -> None:
    trials = [p for p in planted() if p.position != "question"]
    missed = [p for p in trials if not talks_to_the_machine(p.within(HONEST))]
    assert len(trials) == 800
    assert missed == []


def test_no_finding_of_the_bundled_corpus_is_kept_from_the_model(catalogue: Catalogue) -> None:
    kept = [f.id for f in catalogue.findings.values() if talks_to_the_machine(f.statement)]
    assert kept == []


@pytest.mark.parametrize(
    "text",
    [
        "We ignored the earlier pilot and started again with our own ward.",
        "You are now seeing the benefits, I think, because people say what they need.",
        "The system prompted staff to enter a reason, and 68% did so.",
        "Interviewees said that messages to the board went unanswered for months.",
        "COVID-19 and HL7 and ICD-10 changed how the NHS worked in 2020-21.",
        "Staff answered the questionnaire; managers wrote a report on it.",
    ],
)
def test_what_people_say_in_interviews_is_no_order_to_the_machine(text: str) -> None:
    assert not talks_to_the_machine(text)


@pytest.mark.parametrize(
    "text", ["sk-proj4839aa0012", "PWNED-48213", "dGhpcyBpcyBhIHRlc3Qgb2YgYjY0MTIz", "a_b_c"]
)
def test_keys_and_encoded_text_are_told_from_words(text: str) -> None:
    assert has_code(f"The word {text} stands here.")


@given(st.text(max_size=200))
def test_marked_evidence_is_one_line_that_holds_no_space_no_bracket_and_no_fence(text: str) -> None:
    marker = marker_for([text])
    line = marked(3, text, marker)
    assert line.splitlines() == [line]
    assert not any(c.isspace() for c in line)
    body = line.removeprefix(f"[E3]{marker}")
    assert not set(body) & set("[]<>{}`")
    assert line != FENCE
    assert len(unmarked(line, marker).split()) == 1 + len([w for w in body.split(marker) if w])


def test_the_marker_is_a_character_the_evidence_does_not_have() -> None:
    assert marker_for(["a ˆ b", "c"]) == "▁"
    assert marked(1, "two  words\nhere", "ˆ") == "[E1]ˆtwoˆwordsˆhere"
