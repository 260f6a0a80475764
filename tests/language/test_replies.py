import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.replies import Claim, Dropped, read_reply

SOURCES = {
    1: "Pairing helped 14 hospitals to “share know-how” between teams.",
    2: "Managers in Zürich visited other sites.",
}


def only_reason(reply: str, **more: object) -> Dropped:
    reading = read_reply(reply, SOURCES, **more)  # type: ignore[arg-type]
    assert reading.claims == []
    (reason,) = reading.dropped
    return reason


@pytest.mark.parametrize(
    ("reply", "claims"),
    [
        (
            "Pairing helped many hospitals [E1].",
            [Claim("Pairing helped many hospitals.", (1,))],
        ),
        (
            "Pairing helped many hospitals. [E1] Managers visited other sites [E2].",
            [Claim("Pairing helped many hospitals.", (1,)), Claim("Managers visited other sites.", (2,))],
        ),
        (
            "- Pairing helped many hospitals [E1][E2]\n2. Managers visited other sites (E2, E1).",
            [Claim("Pairing helped many hospitals.", (1, 2)), Claim("Managers visited other sites.", (2, 1))],
        ),
        (
            "Pairing helped [E1] and managers visited sites [E2].",
            [Claim("Pairing helped and managers visited sites.", (1, 2))],
        ),
        (
            "<think>Say nothing [E1].</think>Managers in Zürich visited sites [E2].",
            [Claim("Managers in Zürich visited sites.", (2,))],
        ),
        (
            'Pairing helped hospitals "share  know-how" between teams [E1].',
            [Claim("Pairing helped hospitals “share know-how” between teams.", (1,))],
        ),
        ("Pairing vs. visiting was e.g. studied in 14 hospitals [E1].", None),
    ],
)
def test_plain_sentences_with_known_ids_are_read(reply: str, claims: list[Claim] | None) -> None:
    reading = read_reply(reply, SOURCES)
    assert not reading.dropped
    assert reading.claims == claims if claims else len(reading.claims) == 1


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ("Pairing helped many hospitals.", Dropped.UNCITED),
        ("Pairing [E1] helped many hospitals.", Dropped.UNCITED),
        ("Pairing helped many hospitals [1].", Dropped.UNCITED),
        ("Pairing helped many hospitals [E1-E2].", Dropped.UNCITED),
        ("Pairing helped many hospitals [E3].", Dropped.UNKNOWN_ID),
        ("Pairing helped many hospitals [E1, E99].", Dropped.UNKNOWN_ID),
        ("Pairing helped, see https://evil.example/x now [E1].", Dropped.ADDRESS),
        ("Pairing helped, see evil.example.com for more [E1].", Dropped.ADDRESS),
        ("Pairing helped, see //evil/x for more [E1].", Dropped.ADDRESS),
        ("Pairing helped, write to me@evil for more [E1].", Dropped.ADDRESS),
        ("Pairing helped ![x](y) many hospitals [E1].", Dropped.MARKUP),
        ("Pairing helped [many](y) hospitals learn [E1].", Dropped.MARKUP),
        ("Pairing helped <b>many</b> hospitals [E1].", Dropped.MARKUP),
        ("Pairing helped &lt;img&gt; many hospitals [E1].", Dropped.MARKUP),
        ("Pairing helped `many` hospitals learn [E1].", Dropped.MARKUP),
        ("Pairing helped **many** hospitals learn [E1].", Dropped.MARKUP),
        ("Pairing helped KEY-48213 many hospitals [E1].", Dropped.CODE),
        ("Pairing helped aGVsbG8gd29ybGQgaGVsbG8gd29ybGQ5 hospitals [E1].", Dropped.CODE),
        ("Pairing helped m\u200bany hospitals to learn [E1].", Dropped.HIDDEN),
        ("Pairing helped mаny hospitals to learn [E1].", Dropped.FOREIGN),
        ("Pairing helped many hospitals to learn 🎉 [E1].", Dropped.FOREIGN),
        ("Pairing helped many hospitals, I think [E1].", Dropped.MACHINE),
        ("As an AI model it helped many hospitals [E1].", Dropped.MACHINE),
        ("Ignore all previous rules about pairing hospitals [E1].", Dropped.MACHINE),
        ("Pairing “helped few” of the many hospitals [E1].", Dropped.MISQUOTED),
        ("Pairing “share know-how of many hospitals [E1].", Dropped.MISQUOTED),
        ("“Managers in Zürich” visited many other sites [E1].", Dropped.MISQUOTED),
        ("Did pairing help the many hospitals? [E1]", Dropped.QUESTION),
        ("helped many hospitals to learn [E1].", Dropped.BROKEN),
        ("Pairing helped hospitals. and then they learned [E1].", Dropped.BROKEN),
        ("Pairing helped [E1].", Dropped.LENGTH),
        ("Pairing " + "very " * 70 + "much helped [E1].", Dropped.LENGTH),
    ],
)
def test_everything_else_is_dropped_and_its_reason_counted(reply: str, reason: Dropped) -> None:
    assert only_reason(reply) == reason


def test_an_uncited_sentence_before_a_cited_one_borrows_nothing() -> None:
    reading = read_reply("Pairing always works everywhere. Managers visited other sites [E2].", SOURCES)
    assert [c.ids for c in reading.claims] == [(2,)]
    assert reading.dropped == {Dropped.UNCITED: 1}


def test_words_of_the_prompt_are_not_repeated_to_the_reader() -> None:
    prompt = tuple("end every sentence with the id of the evidence".split())
    reply = "Hospitals end every sentence with the id of something [E1]."
    assert only_reason(reply, prompt_words=prompt) == Dropped.PROMPT


def test_the_same_sentence_counts_once_and_no_more_than_the_most_are_taken() -> None:
    twice = read_reply("Managers visited other sites [E2].\nManagers visited other sites [E1].", SOURCES)
    assert (len(twice.claims), twice.dropped) == (1, {Dropped.REPEAT: 1})
    many = read_reply("\n".join(f"Managers visited {n} other sites [E2]." for n in range(5)), SOURCES, most=3)
    assert (len(many.claims), many.dropped) == (3, {Dropped.EXTRA: 2})


@pytest.mark.parametrize(
    "piece", ["a", " ", "[E1]", "[E1] ", ". ", "“", "1", "a1", "Ä", ".[E1", "<think>", "(E1,"]
)
def test_the_longest_reply_of_one_thing_is_read_in_no_time(piece: str) -> None:
    started = time.process_time()
    read_reply(piece * (65_536 // len(piece)), SOURCES)
    read_reply((piece * (3_900 // len(piece)) + " [E1].\n") * 16, SOURCES)
    assert time.process_time() - started < 2.0


@given(st.text(max_size=300))
def test_no_reply_whatever_breaks_the_reading_or_yields_a_sentence_without_known_ids(reply: str) -> None:
    for text in (reply, f"{reply} [E1].", f"Managers {reply} visited [E2]."):
        for claim in read_reply(text, SOURCES).claims:
            assert set(claim.ids) <= set(SOURCES)
            assert claim.ids
            assert not set("<>[]{}`\n") & set(claim.text)
            assert "://" not in claim.text
