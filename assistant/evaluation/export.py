"""A stored run in the forms that other evaluation tools read. None of those tools is needed to write them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from assistant.errors import InputError
from assistant.evaluation.compare import write_baseline
from assistant.evaluation.records import Json, read_run

Lines = Iterator[Json]


def response(record: Json) -> str:
    """The answer as one text: its sentences, or for a refusal the sentence that says why."""
    answer = record["answer"]
    if not answer:
        return ""
    return " ".join(s["text"] for s in answer["statements"]) or answer["because"] or answer["lead"]


def contexts(record: Json) -> list[str]:
    """The words of the retrieved passages, best first."""
    return [e["text"] for e in (record["answer"] or {}).get("evidence", ()) if e.get("text")]


def reference(record: Json) -> str:
    """What people say a good reply does; for questions with labels, which findings it needs."""
    labels = record["labels"]
    if labels.get("acceptable") and isinstance(labels["acceptable"], str):
        return str(labels["acceptable"])
    return ", ".join(sorted(labels.get("relevant", {})))


def _answered(records: Sequence[Json]) -> Iterator[Json]:
    return (record for record in records if record["answer"])


def ragas(records: Sequence[Json]) -> Lines:
    """Rows of a RAGAS single-turn data set."""
    for record in _answered(records):
        relevant = record["labels"].get("relevant") or dict.fromkeys(record["labels"].get("related", ()), 1)
        yield {
            "user_input": record["question"],
            "response": response(record),
            "retrieved_contexts": contexts(record),
            "retrieved_context_ids": [h["id"] for h in record["hits"] or ()],
            "reference_context_ids": sorted(relevant),
            "reference": reference(record),
        }


def deepeval(records: Sequence[Json]) -> Lines:
    """Test cases of DeepEval, by the names of its LLMTestCase."""
    for record in _answered(records):
        yield {
            "name": record["id"],
            "input": record["question"],
            "actual_output": response(record),
            "expected_output": reference(record),
            "retrieval_context": contexts(record),
            "additional_metadata": {"state": record["answer"]["state"], "kind": record["kind"]},
        }


def inspect_ai(records: Sequence[Json]) -> Lines:
    """Samples of an Inspect data set. Earlier turns become messages."""
    for record in records:
        said = [{"role": t["role"], "content": t["text"]} for t in record["turns"]]
        yield {
            "id": record["id"],
            "input": [*said, {"role": "user", "content": record["question"]}] if said else record["question"],
            "target": reference(record),
            "metadata": {
                "kind": record["kind"],
                "subkind": record["subkind"],
                "labels": record["labels"],
                "answer": response(record),
                "scores": record["scores"],
            },
        }


def promptfoo(records: Sequence[Json]) -> Json:
    """A promptfoo configuration over stored outputs: nothing is asked again, the assertions are ours."""
    tests = []
    for record in _answered(records):
        output = {"state": record["answer"]["state"], "text": response(record), "scores": record["scores"]}
        tests.append(
            {
                "description": record["id"],
                "vars": {"question": record["question"]},
                "providerOutput": json.dumps(output, ensure_ascii=False, sort_keys=True),
                "assert": [{"type": "is-json"}, *_assertions(record)],
            }
        )
    return {"prompts": ["{{question}}"], "providers": ["echo"], "tests": tests}


def _assertions(record: Json) -> Iterator[Json]:
    yield {
        "type": "javascript",
        "metric": "citation_validity",
        "value": "(JSON.parse(output).scores.citation_validity ?? 1) === 1",
    }
    if record["kind"] == "unanswerable":
        value = "JSON.parse(output).scores.unanswerable_handled === 1"
        yield {"type": "javascript", "metric": "unanswerable_handled", "value": value}
    if record["kind"] == "questions":
        yield {"type": "javascript", "metric": "answered", "value": "JSON.parse(output).state !== 'refused'"}


def trec_run(records: Sequence[Json], *, tag: str) -> Iterator[str]:
    """Lines `query Q0 document rank score tag`; each id once, at its first place.

    Scores are written so that they fall with the rank, since TREC tools sort by score and not by rank.
    """
    for record in records:
        ids = list(dict.fromkeys(hit["id"] for hit in record["hits"] or ()))
        for rank, key in enumerate(ids, start=1):
            yield f"{record['id']} Q0 {_token(key)} {rank} {len(ids) - rank + 1} {_token(tag)}"


def trec_qrels(records: Sequence[Json]) -> Iterator[str]:
    """Lines `query 0 document grade`."""
    for record in records:
        for key, grade in sorted((record["labels"].get("relevant") or {}).items()):
            yield f"{record['id']} 0 {_token(key)} {grade}"


def _token(text: str) -> str:
    return "_".join(text.split()) or "_"


def _json_lines(rows: Callable[[Sequence[Json]], Lines]) -> Callable[[Sequence[Json]], str]:
    def write(records: Sequence[Json]) -> str:
        return "".join(json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n" for row in rows(records))

    return write


def _trec(records: Sequence[Json]) -> dict[str, str]:
    return {
        "run.trec": "".join(line + "\n" for line in trec_run(records, tag="assistant")),
        "qrels.trec": "".join(line + "\n" for line in trec_qrels(records)),
    }


def _promptfoo_text(records: Sequence[Json]) -> str:
    return yaml.safe_dump(promptfoo(records), allow_unicode=True, sort_keys=False, width=110)


FORMS: Mapping[str, Callable[[Sequence[Json]], dict[str, str]]] = {
    "ragas": lambda records: {"ragas.jsonl": _json_lines(ragas)(records)},
    "deepeval": lambda records: {"deepeval.jsonl": _json_lines(deepeval)(records)},
    "inspect_ai": lambda records: {"inspect.jsonl": _json_lines(inspect_ai)(records)},
    "promptfoo": lambda records: {"promptfooconfig.yaml": _promptfoo_text(records)},
    "trec": _trec,
}
"""What can be written: the name of a form, and the files it makes."""

BASELINE = "baseline"
"""The scores alone, case by case, small enough to keep beside the code; later runs are compared with it."""


def checked_form(form: str) -> str:
    """`form` if a run can be written in it. Raises InputError."""
    if form not in (*FORMS, BASELINE):
        raise InputError(
            f"There is no export form '{form}'.", hint=f"Known: {', '.join((*FORMS, BASELINE))}."
        )
    return form


def export(run: Path, form: str, out: Path) -> tuple[Path, ...]:
    """Write a run in that form into a folder, and say which files. A baseline is named after its suite.

    Raises InputError for an unknown form, or if `run` is no run.
    """
    checked_form(form)
    summary, records = read_run(run)
    if form == BASELINE:
        path = out / f"{summary['run']['suite']}.json"
        write_baseline(run, path)
        return (path,)
    out.mkdir(parents=True, exist_ok=True)
    written: dict[str, Any] = FORMS[form](records)
    for name, text in written.items():
        (out / name).write_text(text, encoding="utf-8", newline="\n")
    return tuple(out / name for name in written)
