"""Receipts: what an answer rested on, in a form that anyone can check again offline.

A receipt is plain JSON. Its `seal` is the SHA-256 of everything else in it, written as canonical JSON, so a
changed byte is found; the hashes inside say which part changed. It proves that nothing was altered since; it
is not a signature and does not prove who made it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Protocol

from assistant.domain.answers import CitedAdvice, Receipt, Statement
from assistant.domain.documents import Passage, digest
from assistant.domain.evidence import Evidence
from assistant.domain.reports import ReceiptCheck
from assistant.errors import ReceiptError, StorageError
from assistant.wire_advice import advice_body

SCHEMA = "receipt/1"
_TEXTS = ("question", "standalone", "because", "lead")


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """What the machinery was when the answer was made."""

    corpus: str
    index: str
    settings: str
    embedding_model: str
    composer: str
    chat_model: str | None = None
    prompt: str | None = None


class CheckedStore(Protocol):
    """The store a receipt is checked against."""

    def passage(self, passage_id: str) -> Passage | None:
        """The stored passage, or None."""

    def document_text(self, document_id: str) -> str | None:
        """The stored text of a document, or None."""

    def damaged(self) -> Sequence[str]:
        """One sentence for each stored text that no longer fits its stored hash."""

    def corpus_hash(self) -> str:
        """Hash of everything stored that answers rest on."""


def canonical(value: object) -> str:
    """JSON with sorted keys and no spare space: the same bytes for the same value."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def seal_of(body: Mapping[str, Any]) -> str:
    """SHA-256 of the receipt without its seal."""
    return sha256(canonical({k: v for k, v in body.items() if k != "seal"}).encode("utf-8")).hexdigest()


def make_receipt(
    parts: Mapping[str, Any],
    fingerprints: Fingerprints,
    *,
    made_at: str,
    advice: CitedAdvice | None = None,
    all_cards: bool = False,
    advised: Iterable[Passage] = (),
) -> Receipt:
    """The receipt of an answer with these parts, and with this advice if it holds any.

    `made_at` is a time in ISO 8601; `advised` are the passages that the advice cites. With `all_cards` every
    card is in it, by its hash alone: in full they would be half a megabyte.
    """
    statements: Sequence[Statement] = parts["statements"]
    evidence: Sequence[Evidence] = parts["evidence"]
    found = {e.passage.id for e in evidence}
    cited = {c.passage_id for s in statements for c in s.citations}
    cited |= {c.passage_id for c in advice.citations.values()} if advice else set()
    passages = [e.passage for e in evidence] + [p for p in advised if p.id not in found]
    body: dict[str, Any] = {
        "schema": SCHEMA,
        "made_at": made_at,
        **{name: parts[name] for name in _TEXTS},
        "state": str(parts["state"]),
        "reason": str(parts["reason"]) if parts["reason"] else None,
        "gaps": list(parts["gaps"]),
        "follow_ups": list(parts["follow_ups"]),
        "statements": [_statement_body(s) for s in statements],
        "passages": [_passage_body(passage, passage.id in cited) for passage in passages],
        "made_with": {
            "corpus_sha256": fingerprints.corpus,
            "index": fingerprints.index,
            "settings": fingerprints.settings,
            "embedding_model": fingerprints.embedding_model,
            "composer": fingerprints.composer,
            "chat_model": fingerprints.chat_model,
            "prompt_sha256": fingerprints.prompt,
        },
    }
    if advice is not None:
        body["advice"] = _advice_hashed(advice) if all_cards else advice_body(advice)
    body["seal"] = seal_of(body)
    return Receipt(body)


def _statement_body(statement: Statement) -> dict[str, Any]:
    return {
        "heading": statement.heading,
        "kind": str(statement.kind),
        "text": statement.text,
        "citations": [
            {
                "marker": c.marker,
                "passage_id": c.passage_id,
                "record_id": c.record_id,
                "study_id": c.study_id,
                "start": c.start,
                "end": c.end,
                "quote": c.quote,
                "quote_sha256": digest(c.quote),
            }
            for c in statement.citations
        ],
    }


def _passage_body(passage: Passage, cited: bool) -> dict[str, Any]:
    return {
        "passage_id": passage.id,
        "document_id": passage.document_id,
        "start": passage.span.start,
        "end": passage.span.end,
        "sha256": passage.sha256,
        "cited": cited,
    }


def check_receipt(
    body: Mapping[str, Any], store: CheckedStore, *, answer: Mapping[str, Any] | None = None
) -> ReceiptCheck:
    """Whether every id, span, hash and quoted byte is still as the receipt says.

    `answer` is the answer as JSON, if it came along: its words must be those of the receipt.
    Raises ReceiptError if this is no receipt at all.
    """
    if body.get("schema") != SCHEMA:
        raise ReceiptError(
            "This is not a receipt of this assistant.",
            hint=f'A receipt is JSON with "schema": "{SCHEMA}"; save one with `ask --json`.',
        )
    try:
        faults = [*_seal_faults(body), *_passage_faults(body, store), *_citation_faults(body, store)]
        if answer is not None:
            faults += _answer_faults(body, answer)
        faults += store.damaged()
        notes = _notes(body, store)
        count = len(body["passages"])
    except StorageError as error:
        return ReceiptCheck((error.sentence,), 0)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        return ReceiptCheck((f"The receipt lacks a part or a part has the wrong form: {error!r}.",), 0)
    return ReceiptCheck(tuple(dict.fromkeys(faults)), count, notes)


def _seal_faults(body: Mapping[str, Any]) -> Iterator[str]:
    if body.get("seal") != seal_of(body):
        yield "The receipt was changed after it was made: its seal does not fit its content."


def _passage_faults(body: Mapping[str, Any], store: CheckedStore) -> Iterator[str]:
    for entry in body["passages"]:
        name = entry["passage_id"]
        passage = store.passage(name)
        if passage is None:
            yield f"Passage {name} is not in the store."
            continue
        if name != f"{entry['document_id']}:{entry['start']}-{entry['end']}":
            yield f"Passage {name} does not fit the document and span beside it."
        if (passage.span.start, passage.span.end) != (entry["start"], entry["end"]):
            yield f"Passage {name} has another span in the store."
        if passage.sha256 != entry["sha256"]:
            yield f"The text of passage {name} is not the one the answer was made from."
        text = store.document_text(passage.document_id)
        if text is None or passage.span.of(text) != passage.text:
            yield f"Passage {name} no longer stands in its document at that place."


def _citation_faults(body: Mapping[str, Any], store: CheckedStore) -> Iterator[str]:
    known = {entry["passage_id"]: entry for entry in body["passages"]}
    stated = [cited for statement in body["statements"] for cited in statement["citations"]]
    for cited in stated:
        if digest(cited["quote"]) != cited["quote_sha256"]:
            yield f"The quote under {cited['marker']} does not fit its hash."
    for cited in (*stated, *_citations_in(body.get("advice"))):
        name = cited["passage_id"]
        passage = store.passage(name)
        if name not in known or passage is None:
            yield f"Citation {cited['marker']} points to {name}, which was not retrieved or is not stored."
            continue
        if not passage.span.start <= cited["start"] < cited["end"] <= passage.span.end:
            yield f"Citation {cited['marker']} reaches beyond passage {name}."
        text = store.document_text(passage.document_id) or ""
        if text[cited["start"] : cited["end"]] != cited["quote"]:
            yield f"The words quoted under {cited['marker']} are not those stored in {name}."
        if (cited["record_id"], cited["study_id"]) != (passage.record_id, passage.study_id):
            yield f"Citation {cited['marker']} names another record or study than the store does."


def _citations_in(advice: Any) -> Iterator[Mapping[str, Any]]:
    """Every citation anywhere in advice as JSON."""
    if isinstance(advice, list):
        for part in advice:
            yield from _citations_in(part)
    elif isinstance(advice, Mapping):
        if "quote" in advice:
            yield advice
        for part in advice.values():
            yield from _citations_in(part)


def _answer_faults(body: Mapping[str, Any], answer: Mapping[str, Any]) -> Iterator[str]:
    if "verdict" in answer:
        yield from _advice_faults(body.get("advice") or {}, answer)
        return
    for name in ("question", "standalone", "lead", "state", "reason", "gaps", "follow_ups"):
        if name in answer and answer[name] != body[name]:
            yield f"The answer's {name} is not the one in the receipt."
    if "advice" in answer and answer["advice"] != body.get("advice"):
        yield "The answer's advice is not the one in the receipt."
    said = [(s["text"], s["kind"], s["heading"], _pointers(s)) for s in answer.get("statements", [])]
    kept = [(s["text"], s["kind"], s["heading"], _pointers(s)) for s in body["statements"]]
    if said != kept:
        yield "The answer's statements or citations are not those in the receipt."


def _advice_hashed(advice: CitedAdvice) -> dict[str, Any]:
    """The advice with every card as the SHA-256 of its canonical JSON."""
    told = advice_body(advice, all_cards=True)
    return {**told, "recommendations": [_card_hash(card) for card in told["recommendations"]]}


def _card_hash(card: Mapping[str, Any]) -> str:
    return digest(canonical(card))


def _advice_faults(kept: Mapping[str, Any], advice: Mapping[str, Any]) -> Iterator[str]:
    """Faults of advice that came with its receipt, which has all cards where the advice may hold a few."""
    for name, held in kept.items():
        given = advice.get(name)
        if name == "recommendations":
            given = [_card_hash(card) for card in given or ()]
            held = held[: len(given)]
        if given != held:
            yield f"The advice's {name.replace('_', ' ')} are not those in the receipt."


def _pointers(statement: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    keys = ("marker", "passage_id", "record_id", "study_id", "quote", "start", "end")
    return [tuple(c[k] for k in keys) for c in statement["citations"]]


def _notes(body: Mapping[str, Any], store: CheckedStore) -> tuple[str, ...]:
    if body["made_with"]["corpus_sha256"] == store.corpus_hash():
        return ()
    return ("The corpus has changed since this answer was made; the passages it used are checked above.",)
