import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answering.support import CHECKERS, SUPPORTED_FROM, SupportLabel, check_support, verbatim
from assistant.errors import SettingsError

EVIDENCE = (
    "In Norway, 14 of 20 hospitals joined the shared record system between 2015 and 2018. "
    "Most managers were satisfied, but ward staff did not receive enough training. "
    "The region may extend the contract. Costs increased by 12% in the first year."
)


def label(statement, *evidence):
    return check_support(statement, evidence or (EVIDENCE,)).label


@pytest.mark.parametrize(
    "statement",
    [
        "In Norway, 14 of 20 hospitals joined the shared record system between 2015 and 2018.",
        "The region may extend the contract. Costs increased by 12% in the first year.",
        "Costs increased by 12% in the first year. [3]",
        "Costs  increased by 12% in the\nfirst year.",
    ],
)
def test_whole_sentences_of_the_evidence_are_supported_with_full_score(statement):
    verdict = check_support(statement, (EVIDENCE,))
    assert (verdict.label, verdict.score, verdict.reasons) == (SupportLabel.SUPPORTED, 1.0, ())


@pytest.mark.parametrize(
    "statement",
    [
        "Between 2015 and 2018, fourteen of 20 Norwegian hospitals joined the shared record system.".replace(
            "Norwegian ", ""
        ),
        "Ward staff did not get enough training.",
        "In the first year costs rose by 12 per cent.",
        "The region may prolong the contract.",
    ],
)
def test_an_honest_rewording_is_supported(statement):
    assert label(statement) == SupportLabel.SUPPORTED


@pytest.mark.parametrize(
    ("statement", "part_of_reason"),
    [
        ("In Norway, 15 of 20 hospitals joined the shared record system between 2015 and 2018.", "number 15"),
        ("Costs increased by 21% in the first year.", "number 21"),
        ("In Denmark, 14 of 20 hospitals joined the shared record system between 2015 and 2018.", "Denmark"),
        ("Danish hospitals joined the shared record system between 2015 and 2018.", "Danish"),
        ("Costs decreased by 12% in the first year.", "decreased"),
        ("Costs did not increase by 12% in the first year.", "not"),
        ("Ward staff did receive enough training.", "no to"),
        ("The region must extend the contract.", "may be so"),
        ("Few managers were satisfied.", "here"),
    ],
)
def test_a_changed_fact_is_not_supported_and_says_why(statement, part_of_reason):
    verdict = check_support(statement, (EVIDENCE,))
    assert verdict.label != SupportLabel.SUPPORTED
    assert verdict.score < SUPPORTED_FROM
    assert any(part_of_reason in reason for reason in verdict.reasons)


def test_what_the_evidence_says_otherwise_is_contradicted_and_what_it_leaves_out_is_not_enough():
    assert label("Costs decreased by 12% in the first year.") == SupportLabel.CONTRADICTED
    assert label("Patients praised the friendly cafeteria.") == SupportLabel.NOT_ENOUGH


def test_exchanged_roles_are_found():
    evidence = "The leading hospital trained the following hospital."
    assert (
        label("The manager trained the nurse.", "The nurse trained the manager.") == SupportLabel.CONTRADICTED
    )
    assert label("The leading hospital trained the following hospital.", evidence) == SupportLabel.SUPPORTED


def test_a_part_of_a_sentence_that_leaves_out_its_not_is_no_quotation():
    evidence = "It is not true that sharing records saved money."
    assert not verbatim("sharing records saved money", (evidence,))
    assert label("Sharing records saved money.", evidence) != SupportLabel.SUPPORTED


def test_more_is_not_fewer_and_before_is_not_after():
    evidence = "Brokers had more conflict, and trust came before technology."
    assert label("Brokers had fewer conflict.", evidence) != SupportLabel.SUPPORTED
    assert label("Trust came after technology.", evidence) != SupportLabel.SUPPORTED


@pytest.mark.parametrize(
    "swapped",
    [
        "Hospitals in Canada trusted the formal network more than hospitals in Wales did, by 20 to 14.",
        "Hospitals in Wales trusted the formal network more than hospitals in Canada did, by 14 to 20.",
        "Hospitals in Wales trusted the informal network more than hospitals in Canada did, by 20 to 14.",
    ],
)
def test_words_that_changed_places_in_a_near_copy_are_found(swapped):
    evidence = (
        "Hospitals in Wales trusted the formal network more than hospitals in Canada did, by 20 to 14. "
        "Informal networks were common."
    )
    assert label(swapped, evidence) == SupportLabel.CONTRADICTED


def test_a_phrase_moved_to_the_end_is_still_supported():
    moved = "14 of 20 hospitals in Norway joined the shared record system between 2015 and 2018."
    assert label(moved) == SupportLabel.SUPPORTED


def test_one_bad_sentence_spoils_a_statement_of_two():
    good = "Costs increased by 12% in the first year."
    assert label(good + " In 1999 the king paid for it.") != SupportLabel.SUPPORTED


def test_evidence_may_lie_in_several_texts():
    first, second = "Hospitals joined the shared record system.", "Hospitals paid for the training."
    assert label("Hospitals joined the shared record system and paid for the training.", first, second) == (
        SupportLabel.SUPPORTED
    )


@pytest.mark.parametrize(
    ("statement", "evidence"), [("", (EVIDENCE,)), ("[2]", (EVIDENCE,)), ("A.", ()), ("A.", (" ",))]
)
def test_nothing_to_check_is_not_enough(statement, evidence):
    verdict = check_support(statement, evidence)
    assert (verdict.label, verdict.score) == (SupportLabel.NOT_ENOUGH, 0.0)


@pytest.mark.parametrize("mark", ["?!", "—", "...", "% [", "東京", "1"])
def test_a_statement_without_words_is_never_supported(mark):
    assert label(mark) != SupportLabel.SUPPORTED


def test_an_unknown_checker_is_refused_with_the_nearest_name():
    with pytest.raises(SettingsError, match="rules"):
        check_support("A.", ("A.",), checker="rule")


def test_every_registered_checker_honours_the_contract():
    for name in CHECKERS:
        same = check_support("Costs increased by 12%.", ("Costs increased by 12%.",), checker=name)
        other = check_support("Zebras sing at night.", (EVIDENCE,), checker=name)
        assert (same.label, same.score) == (SupportLabel.SUPPORTED, 1.0)
        assert other.label != SupportLabel.SUPPORTED
        assert 0 <= other.score <= 1


WORDS = st.lists(
    st.sampled_from(
        "costs rose fell not 12% half Norway the hospital may must all few and , ; é 3,000".split()
    ),
    max_size=14,
).map(" ".join)


@settings(max_examples=200, deadline=None)
@given(WORDS, st.lists(WORDS, max_size=3))
def test_any_words_give_the_same_verdict_twice_with_a_score_between_0_and_1(statement, evidence):
    first = check_support(statement, evidence)
    assert first == check_support(statement, tuple(evidence))
    assert 0 <= first.score <= 1
    assert (first.label == SupportLabel.SUPPORTED) == (first.score >= SUPPORTED_FROM)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(WORDS.filter(str.strip).map(lambda w: w.capitalize() + " end."), min_size=1, max_size=4),
    st.data(),
)
def test_any_sentence_of_the_evidence_is_supported_by_it(sentences, data):
    chosen = data.draw(st.sampled_from(sentences))
    assert check_support(chosen, (" ".join(sentences),)).score == 1.0


@pytest.mark.parametrize("piece", ["not ", "12% and ", "A.", "- ", "a-b-", "\n", "Dr. "])
def test_a_text_of_hostile_length_is_judged_all_the_same(piece):
    assert 0.0 <= check_support(piece * 300, (piece * 3000,)).score <= 1.0


@pytest.mark.parametrize(
    ("find", "put"),
    [("more", "fewer"), ("may", "must"), ("can", "must"), ("England", "Finland")],
)
def test_findings_of_the_corpus_with_one_word_turned_round_are_not_supported(find, put, corpus_statements):
    changed = [(s, s.replace(f" {find} ", f" {put} ", 1)) for s in corpus_statements if f" {find} " in s]
    assert len(changed) >= 3
    kept = [new for old, new in changed if check_support(new, (old,)).label == SupportLabel.SUPPORTED]
    assert len(kept) <= 0.1 * len(changed), json.dumps(kept, indent=1)


@pytest.fixture(scope="module")
def corpus_statements():
    from pathlib import Path

    import yaml

    root = Path(__file__).parents[2] / "corpus" / "studies"
    files = sorted(root.glob("*/findings.yaml"))
    found = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in files]
    return [f["statement"] for file in found for f in (file["findings"] if isinstance(file, dict) else file)]


def test_every_finding_supports_itself(corpus_statements):
    assert len(corpus_statements) > 200
    assert all(check_support(s, (s,)).score == 1.0 for s in corpus_statements)
