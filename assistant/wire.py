"""Domain values as the JSON that command line, HTTP interface and page share, and answers as Markdown.

Pure functions. The keys are a contract: scripts depend on them. Nothing here decides or reads anything.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from assistant.domain.answers import Answer, Citation, CitedAdvice, Statement, StatementKind
from assistant.domain.documents import Passage
from assistant.domain.events import AdviceGiven, Event, EvidenceFound, Finished, Searching, StatementVerified
from assistant.domain.evidence import Evidence
from assistant.domain.framework import Study
from assistant.domain.reports import Check, IngestItem, IngestReport, ReceiptCheck, Source
from assistant.wire_advice import advice_body, advice_markdown
from assistant.wire_parts import Json as Json
from assistant.wire_parts import citation_json as citation_json
from assistant.wire_parts import escaped as escaped
from assistant.wire_parts import plain as plain

KIND_LABELS: Mapping[StatementKind, str] = {
    StatementKind.REPORTED: "Reported by a study",
    StatementKind.INFERENCE: "Our reading of the evidence",
    StatementKind.ADVICE: "Practice advice",
    StatementKind.YOUR_INPUT: "What you told us",
    StatementKind.CONSTRUCTED: "Constructed example",
}
"""What readers see beside a statement, the same everywhere."""


def dumps(value: object, *, indent: int | None = None) -> str:
    """`value` as JSON text that is always valid UTF-8: a half of a surrogate pair is written as an escape."""
    text = json.dumps(value, ensure_ascii=False, indent=indent, allow_nan=False)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(value, ensure_ascii=True, indent=indent, allow_nan=False)
    return text


def answer_json(answer: Answer) -> Json:
    """The answer. `lead` repeats the opening statements; for a refusal it says why there are none."""
    cited = answer.cited
    return {
        "id": answer.id,
        "question": answer.question,
        "standalone": answer.standalone,
        "state": answer.state.value,
        "reason": answer.reason.value if answer.reason else None,
        "lead": answer.lead,
        "statements": [statement_json(statement) for statement in answer.statements],
        "gaps": list(answer.gaps),
        "follow_ups": list(answer.follow_ups),
        "evidence": [_evidence_json(found, cited=found.passage.id in cited) for found in answer.evidence],
        "receipt": plain(answer.receipt.body),
        "timings_ms": {name: round(value, 1) for name, value in answer.timings_ms.items()},
        "advice": advice_body(answer.advice) if answer.advice else None,
    }


def statement_json(statement: Statement) -> Json:
    """One checked sentence with what it rests on."""
    return {
        "heading": statement.heading,
        "text": statement.text,
        "kind": statement.kind.value,
        "citations": [citation_json(citation) for citation in statement.citations],
    }


def _evidence_json(found: Evidence, *, cited: bool) -> Json:
    return {
        "passage_id": found.passage.id,
        "record_id": found.passage.record_id,
        "study_id": found.passage.study_id,
        "score": found.score,
        "cited": cited,
    }


def hits_json(id: str | None, evidence: Sequence[Evidence]) -> Json:
    """What a search found, best first; an empty list means nothing was found."""
    return {
        "id": id,
        "hits": [
            {
                "rank": found.rank,
                "score": found.score,
                "passage_id": found.passage.id,
                "record_id": found.passage.record_id,
                "document_id": found.passage.document_id,
                "study_id": found.passage.study_id,
                "text": found.passage.text,
            }
            for found in evidence
        ],
    }


def event_json(event: Event) -> Json:
    """One event of an answer in the making; `event` names it."""
    match event:
        case Searching(standalone):
            return {"event": "searching", "standalone": standalone}
        case EvidenceFound(evidence):
            return {
                "event": "evidence",
                "evidence": [_evidence_json(found, cited=False) for found in evidence],
            }
        case StatementVerified(index, statement):
            return {"event": "statement", "index": index, "statement": statement_json(statement)}
        case AdviceGiven(advice):
            return {"event": "advice", "advice": advice_body(advice)}
        case Finished(answer):
            return {"event": "finished", "answer": answer_json(answer)}


def ingest_json(report: IngestReport) -> Json:
    """What an ingest read, skipped and failed, in the order it was done."""
    outcomes = ("added", "updated", "unchanged", "removed", "skipped", "failed")
    return {
        "counts": {outcome: report.count(outcome) for outcome in outcomes},
        "new_passages": report.new_passages,
        "total_passages": report.total_passages,
        "seconds": round(report.seconds, 3),
        "items": [_item_json(item) for item in report.items],
    }


def _item_json(item: IngestItem) -> Json:
    return {
        "origin": item.origin,
        "outcome": item.outcome,
        "passages": item.passages,
        "reason": item.reason or None,
    }


def checks_json(checks: Sequence[Check]) -> Json:
    """The doctor's report; `healthy` is false if any check is a fault."""
    return {
        "healthy": all(check.level != "fault" for check in checks),
        "checks": [
            {"name": check.name, "level": check.level, "sentence": check.sentence, "cure": check.cure or None}
            for check in checks
        ],
    }


def receipt_check_json(check: ReceiptCheck) -> Json:
    """What checking a receipt again found."""
    return {
        "holds": check.holds,
        "passages_checked": check.passages_checked,
        "faults": list(check.faults),
        "notes": list(check.notes),
    }


def error_json(sentence: str, hint: str = "") -> Json:
    """An error in the place of a result."""
    return {"error": {"sentence": sentence, "hint": hint or None}}


def source_json(source: Source) -> Json:
    """A passage opened at its source. `before` and `after` are its neighbours in reading order."""
    return {
        **_passage_json(source.passage),
        "study": _study_json(source.study) if source.study else None,
        "locator": source.finding.locator if source.finding else None,
        "seen": source.finding.seen if source.finding else None,
        "before": [_passage_json(passage) for passage in source.before],
        "after": [_passage_json(passage) for passage in source.after],
    }


def _passage_json(passage: Passage) -> Json:
    return {
        "passage_id": passage.id,
        "document_id": passage.document_id,
        "record_id": passage.record_id,
        "study_id": passage.study_id,
        "kind": passage.kind.value,
        "title": passage.title,
        "heading": list(passage.heading),
        "text": passage.text,
        "start": passage.span.start,
        "end": passage.span.end,
        "speaker": passage.speaker,
        "seconds": passage.seconds,
        "context": passage.context,
        "constructed": passage.constructed,
        "citable": passage.citable,
        "sha256": passage.sha256,
    }


def _study_json(study: Study) -> Json:
    return {
        "id": study.id,
        "title": study.title,
        "authors": list(study.authors),
        "year": study.year,
        "venue": study.venue,
        "doi": study.doi,
        "url": study.url,
        "design": study.study_design,
        "sample": study.sample,
        "setting": study.setting,
        "status": study.status,
        "strength": study.strength,
        "peer_reviewed": study.peer_reviewed,
        "notes": study.notes,
    }


def fingerprint(answer: Answer) -> str:
    """The seal of the receipt, a SHA-256: a short name for everything the receipt says."""
    return str(answer.receipt.body.get("seal", ""))


def sections(answer: Answer) -> Iterator[tuple[str, tuple[Statement, ...]]]:
    """The statements under their headings, in reading order; the opening ones have an empty heading."""
    for heading, statements in groupby(answer.statements, key=lambda statement: statement.heading):
        yield heading, tuple(statements)


def open_gaps(answer: Answer) -> tuple[str, ...]:
    """What is missing, without what a refusal has said already when it gave its reason."""
    return tuple(gap for gap in answer.gaps if answer.statements or gap != answer.because)


def citations(answer: Answer) -> tuple[Citation, ...]:
    """Each numbered citation once, by number: those of the statements, then those of the advice alone."""
    advised = answer.advice.citations.values() if answer.advice else ()
    unique = {c.marker: c for c in advised}
    unique |= {c.marker: c for statement in answer.statements for c in statement.citations}
    return tuple(unique[marker] for marker in sorted(unique))


def reference(study: Study) -> str:
    """One line that names a study: who, when, what, where published, where it was done."""
    who = study.authors[0] if study.authors else ""
    if len(study.authors) > 2:
        who += " and others"
    elif len(study.authors) == 2:
        who += f" and {study.authors[1]}"
    when = f"({study.year})" if study.year else "(no date)"
    parts = (f"{who} {when}".strip(), study.title, study.venue or "", study.setting or "")
    return " ".join(f"{part.rstrip('.')}." for part in parts if part)


def answer_markdown(answer: Answer, sources: Mapping[str, Source]) -> str:
    """The answer as a Markdown page: statements with their kinds, gaps, sources, receipt fingerprint.

    `sources` maps passage ids to opened sources; a citation without one is listed by its ids alone.
    """
    lines = [f"# {escaped(answer.question)}", ""]
    if not answer.statements:
        lines += [escaped(answer.because), ""]
    for heading, statements in sections(answer):
        if heading:
            lines += [f"## {escaped(heading)}", ""]
        for statement in statements:
            marks = "".join(f" \\[{citation.marker}\\]" for citation in statement.citations)
            lines += [f"{escaped(statement.text)}{marks} *({KIND_LABELS[statement.kind]})*", ""]
    lines += advice_markdown(answer.advice) if answer.advice else []
    lines += _bullets("What the evidence does not tell", open_gaps(answer))
    lines += _bullets("Questions to ask next", answer.follow_ups)
    return "\n".join([*lines, *_sources_markdown(citations(answer), sources), *_seal(fingerprint(answer))])


def corrected_markdown(
    put_right: str, given: CitedAdvice, cited: Sequence[Citation], sources: Mapping[str, Source]
) -> str:
    """Advice that was worked out anew after a correction, as a Markdown page like that of an answer."""
    lines = [f"# {escaped(put_right)}", "", *advice_markdown(given), *_sources_markdown(cited, sources)]
    return "\n".join([*lines, *_seal(str(given.receipt.body.get("seal", "")))])


def _sources_markdown(cited: Sequence[Citation], sources: Mapping[str, Source]) -> list[str]:
    lines = [line for c in cited for line in _source_lines(c, sources.get(c.passage_id))]
    return ["## Sources", "", *lines] if cited else []


def _seal(seal: str) -> list[str]:
    return ["---", "", f"Receipt fingerprint: `{seal}`", ""]


def _bullets(heading: str, items: Sequence[str]) -> list[str]:
    return [f"## {heading}", "", *(f"- {escaped(item)}" for item in items), ""] if items else []


def _source_lines(citation: Citation, source: Source | None) -> list[str]:
    lines = [f"**{citation.marker}.** \u201c{escaped(citation.quote)}\u201d", ""]
    if source and source.study:
        lines += [escaped(reference(source.study)), ""]
    elif source and source.passage.title:
        lines += [escaped(source.passage.title), ""]
    link = source.study and (source.study.doi or source.study.url) if source else None
    place = f"Passage {escaped(citation.passage_id)}" + (f", {escaped(link)}" if link else "")
    return [*lines, place, ""]
