"""A receipt is canonical and sealed, names what was tampered with, and holds as long as nothing was."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.attribution import attributed
from assistant.answering.receipt import SCHEMA, canonical, check_receipt, seal_of
from assistant.answering.verify import Checked, Verifier
from assistant.domain.answers import Answer, Decision, Draft, DraftStatement, Pointer, State, StatementKind
from assistant.domain.documents import digest
from assistant.errors import ReceiptError, StorageError
from assistant.wire import answer_json
from tests.made_up import (
    FINGERPRINTS,
    Stored,
    catalogue,
    evidence_of,
    finding,
    passage_of,
    question,
)

FINDINGS = [
    finding("river-f01", "Site visits helped ward teams – “a lot” – to plan."),
    finding("harbour-f01", "Weekly calls kept nurses in touch."),
    finding("stone-f01", "Forums were quiet."),
]
CATALOGUE = catalogue(FINDINGS)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=4)
    ),
    max_leaves=12,
)


def store() -> Stored:
    return Stored([passage_of(f) for f in FINDINGS])


def made() -> Answer:
    verifier, checked = Verifier(store(), CATALOGUE, FINGERPRINTS), Checked()
    draft = Draft(
        tuple(
            DraftStatement(
                attributed(f, CATALOGUE.studies[f.study_id]),
                StatementKind.REPORTED,
                "What helps",
                (Pointer(passage_of(f).id),),
                lead=True,
            )
            for f in FINDINGS[:2]
        ),
        gaps=("Only abstracts were read.",),
        follow_ups=("What gets in the way?",),
    )
    evidence = evidence_of(FINDINGS)
    for _ in verifier.check(draft, evidence, checked):
        pass
    return verifier.seal(
        question(name="q1"),
        Decision(State.GROUNDED),
        draft,
        checked,
        evidence,
        timings_ms={},
        made_at="2026-05-01T12:00:00+00:00",
    )


@pytest.fixture
def body() -> dict[str, Any]:
    return json.loads(json.dumps(made().receipt.body))


def faults(body: dict[str, Any], held: Stored | None = None, **given: Any) -> tuple[str, ...]:
    check = check_receipt(body, held or store(), **given)
    assert check.holds is not bool(check.faults)
    return check.faults


def sealed_again(body: dict[str, Any]) -> dict[str, Any]:
    """What somebody would do who knows how seals are made."""
    return {**body, "seal": seal_of(body)}


def test_a_receipt_holds_as_it_was_made_and_after_a_round_trip(body: dict[str, Any]) -> None:
    assert faults(body) == ()
    assert faults(json.loads(json.dumps(body, indent=3, sort_keys=True))) == ()
    assert check_receipt(body, store()).passages_checked == 3
    assert faults(body, answer=json.loads(json.dumps(answer_json(made())))) == ()


def test_a_receipt_names_everything_the_answer_rested_on(body: dict[str, Any]) -> None:
    assert body["schema"] == SCHEMA
    assert body["made_with"] == {
        "corpus_sha256": "corpus-hash",
        "index": "index-print",
        "settings": "settings-print",
        "embedding_model": "model@1",
        "composer": "evidence/1",
        "chat_model": None,
        "prompt_sha256": None,
    }
    assert [(p["passage_id"], p["sha256"], p["cited"]) for p in body["passages"]] == [
        (passage_of(f).id, digest(f.statement), f is not FINDINGS[2]) for f in FINDINGS
    ]
    assert [c["quote"] for s in body["statements"] for c in s["citations"]] == [
        f.statement for f in FINDINGS[:2]
    ]


@given(JSON)
def test_canonical_json_reads_back_and_does_not_depend_on_the_order_of_keys(value: Any) -> None:
    assert json.loads(canonical(value)) == value
    turned = dict(reversed(value.items())) if isinstance(value, dict) else value
    assert canonical(turned) == canonical(value)


def test_canonical_json_spares_no_byte_for_looks() -> None:
    assert canonical({"b": [1, None], "a": "é “x”"}) == '{"a":"é “x”","b":[1,null]}'


def test_the_seal_is_over_everything_but_itself(body: dict[str, Any]) -> None:
    assert seal_of(body) == body["seal"] == seal_of({**body, "seal": "other"})
    assert seal_of({**body, "made_at": "2026-05-01T12:00:01+00:00"}) != body["seal"]


Change = Callable[[dict[str, Any]], None]


def first(body: dict[str, Any]) -> dict[str, Any]:
    citation: dict[str, Any] = body["statements"][0]["citations"][0]
    return citation


def quote_with_hash(body: dict[str, Any]) -> None:
    first(body).update(quote="Visits cure.", quote_sha256=digest("Visits cure."))


RESEALED: dict[str, tuple[Change, str]] = {
    "quote": (lambda b: first(b).update(quote="Visits cure."), "words quoted under 1 are not those stored"),
    "quote and hash": (quote_with_hash, "words quoted under 1 are not those stored"),
    "hash of a quote": (
        lambda b: first(b).update(quote_sha256="0" * 64),
        "quote under 1 does not fit its hash",
    ),
    "record": (lambda b: first(b).update(record_id="river-f02"), "names another record or study"),
    "study": (lambda b: first(b).update(study_id="stone"), "names another record or study"),
    "start": (lambda b: first(b).update(start=1), "words quoted under 1"),
    "end": (lambda b: first(b).update(end=5), "words quoted under 1"),
    "reach": (lambda b: first(b).update(end=10_000), "reaches beyond passage"),
    "no start": (lambda b: first(b).update(start=None), "wrong form"),
    "cited id": (lambda b: first(b).update(passage_id="stone-f09:0-9"), "was not retrieved or is not stored"),
    "passage hash": (
        lambda b: b["passages"][0].update(sha256="0" * 64),
        "is not the one the answer was made from",
    ),
    "passage span": (lambda b: b["passages"][0].update(start=3), "does not fit the document and span"),
    "passage id": (lambda b: b["passages"][2].update(passage_id="stone-f09:0-9"), "is not in the store"),
    "passage document": (lambda b: b["passages"][0].update(document_id="x"), "does not fit the document"),
    "passage gone": (lambda b: b["passages"].pop(0), "was not retrieved or is not stored"),
    "number for an id": (lambda b: b["passages"][0].update(passage_id=2**80), "is not in the store"),
    "list for passages": (lambda b: b.update(passages=7), "wrong form"),
    "no statements": (lambda b: b.pop("statements"), "lacks a part"),
}


@pytest.mark.parametrize("name", RESEALED)
def test_tampering_is_named_even_where_the_seal_was_made_again(name: str, body: dict[str, Any]) -> None:
    change, words = RESEALED[name]
    change(body)
    assert any("its seal does not fit" in fault or words in fault for fault in faults(deepcopy(body)))
    named = faults(sealed_again(body))
    assert any(words in fault for fault in named), named
    assert not any("seal" in fault for fault in named)


@pytest.mark.parametrize(
    "change",
    [
        lambda b: b.update(question="Is it free?"),
        lambda b: b.update(lead=b["lead"] + " "),
        lambda b: b.update(made_at="2027-05-01T12:00:00+00:00"),
        lambda b: b.update(state="refused"),
        lambda b: b["made_with"].update(chat_model="other"),
        lambda b: b["statements"].reverse(),
        lambda b: b["passages"].reverse(),
        lambda b: b["statements"][0].update(kind="inference"),
        lambda b: b["gaps"].clear(),
        lambda b: b.update(extra="more"),
        lambda b: b.pop("because"),
    ],
)
def test_any_other_change_breaks_the_seal(change: Change, body: dict[str, Any]) -> None:
    change(body)
    assert "its seal does not fit its content" in faults(body)[0]


@pytest.mark.parametrize("seal", ["", None, "0" * 64, 7, ["x"]])
def test_a_seal_that_was_changed_does_not_fit(seal: Any, body: dict[str, Any]) -> None:
    assert faults({**body, "seal": seal})
    del body["seal"]
    assert faults(body)


@pytest.mark.parametrize("body", [{}, {"schema": "other/1"}, {"schema": None, "passages": []}])
def test_what_is_no_receipt_is_an_error_with_a_cure(body: dict[str, Any]) -> None:
    with pytest.raises(ReceiptError, match="ask --json"):
        check_receipt(body, store())


def test_a_passage_that_changed_in_the_store_is_named(body: dict[str, Any]) -> None:
    changed = store()
    old = passage_of(FINDINGS[0])
    text = FINDINGS[0].statement.replace("helped", "harmed")
    changed.held[old.id] = passage_of(FINDINGS[0], text=text)
    changed.documents[old.document_id] = text
    told = faults(body, changed)
    assert f"The text of passage {old.id} is not the one the answer was made from." in told
    assert any("words quoted under 1" in fault for fault in told)


def test_a_document_that_changed_under_its_passage_is_named(body: dict[str, Any]) -> None:
    changed = store()
    changed.documents["harbour-f01"] = "Weekly calls kept nurses in touch!"
    assert any("no longer stands in its document" in fault for fault in faults(body, changed))


def test_what_the_store_finds_wrong_with_itself_is_a_fault(body: dict[str, Any]) -> None:
    damaged = store()
    damaged.faults = ("The text of passage x does not fit its stored hash.",)
    assert faults(body, damaged) == damaged.faults


def test_a_store_that_cannot_be_read_is_a_fault_and_no_crash(body: dict[str, Any]) -> None:
    class Broken(Stored):
        def document_text(self, document_id: str) -> str | None:
            raise StorageError("The library could not be read: disk I/O error.")

    assert faults(body, Broken([passage_of(f) for f in FINDINGS])) == (
        "The library could not be read: disk I/O error.",
    )


def test_a_corpus_that_has_grown_is_a_note_and_no_fault(body: dict[str, Any]) -> None:
    body["made_with"]["corpus_sha256"] = "an older corpus"
    check = check_receipt(sealed_again(body), store())
    assert check.holds
    assert len(check.notes) == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda a: a.update(lead="Visits cure."), "The answer's lead"),
        (lambda a: a.update(question="Is it free?"), "The answer's question"),
        (lambda a: a.update(state="partly_grounded"), "The answer's state"),
        (lambda a: a.update(reason="near_miss"), "The answer's reason"),
        (lambda a: a.update(gaps=[]), "The answer's gaps"),
        (lambda a: a["statements"].reverse(), "statements or citations"),
        (lambda a: a["statements"].pop(), "statements or citations"),
        (lambda a: a["statements"][0].update(text="Visits cure."), "statements or citations"),
        (lambda a: a["statements"][0].update(kind="inference"), "statements or citations"),
        (lambda a: a["statements"][1]["citations"][0].update(quote="Calls."), "statements or citations"),
        (lambda a: a["statements"][1]["citations"][0].update(marker=9), "statements or citations"),
        (lambda a: a["statements"][1].update(citations=[]), "statements or citations"),
    ],
)
def test_an_answer_that_differs_from_its_receipt_is_named(
    change: Change, words: str, body: dict[str, Any]
) -> None:
    answer = json.loads(json.dumps(answer_json(made())))
    change(answer)
    assert any(words in fault for fault in faults(body, answer=answer))
