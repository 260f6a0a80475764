"""One HTML page for people who are no engineers: what can be trusted, how sure that is, and what went wrong.

The page loads nothing and runs nothing; every word from a case or an answer is escaped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from importlib import resources

from assistant.evaluation.failing import Failing, failing_cases
from assistant.evaluation.plots import interval_chart, risk_coverage_chart
from assistant.evaluation.records import Json
from assistant.evaluation.trust import verdicts

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
MOST_CASES = 200
GRADES = {1: "helps", 2: "answers it", 3: "answers it fully"}
STATES = {
    "grounded": "answered from the evidence", "partly_grounded": "answered in part", "refused": "declined",
}  # fmt: skip


def html_page(summary: Json, records: Sequence[Json], timings: Mapping[str, Json] | None = None) -> str:
    """The whole page. Equal runs give equal pages but for the table of times."""
    about = summary["run"]
    style = resources.files("assistant.evaluation").joinpath("page.css").read_text(encoding="utf-8")
    parts = (
        f"<h1>{_(about['title'])}</h1>",
        f'<p class="soft">{summary["cases"]} cases, asked and scored by fixed rules. Intervals are 95 %: '
        "with other cases like these, the number would nearly always lie within them.</p>",
        _trust(summary),
        _gates(summary["gates"], summary["metrics"]),
        _decisions(summary["abstention"]),
        _failing(failing_cases(records)),
        _numbers(summary["metrics"]),
        _kinds(summary["by_subkind"]),
        _times(timings or {}),
        _ground(about),
    )
    return (
        '<!doctype html>\n<html lang="en-GB"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{_(about['title'])}</title><style>{style}</style></head>\n<body><main>"
        + "\n".join(part for part in parts if part)
        + "</main></body></html>\n"
    )


def _(text: object) -> str:
    return escape(str(text), quote=True)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table; the cells are HTML already."""
    top = "".join(f'<th scope="col">{name}</th>' for name in head)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    table = f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="wide" tabindex="0">{table}</div>'


def _trust(summary: Json) -> str:
    rows = [
        (
            _(v.title),
            f'<span class="{v.verdict.replace(" ", "-")}">{_(v.verdict)}</span>',
            f'{_(v.sentence)} <span class="soft">{_(v.sure)}</span>',
        )
        for v in verdicts(summary)
    ]
    how = "A “yes” must hold even at the worse end of the interval, within a margin that is set beforehand."
    table = _table(("For", "Rely on it?", "Why"), rows)
    return f'<h2>Can I trust it for ...</h2><div class="trust">{table}</div><p class="soft">{how}</p>'


def _gates(gates: Sequence[Json], metrics: Json) -> str:
    rows = [
        (
            _kept(g["passed"]),
            f"{_(_says(g, metrics))} <span class='soft'>{_(g['metric'])}</span>",
            _(g["rule"]),
            "no value" if g["value"] is None else f"{g['value']:.3f}",
        )
        for g in gates
    ]
    return "<h2>Limits set for this suite</h2>" + _table(("Kept?", "What", "Limit", "Value"), rows)


def _says(gate: Json, metrics: Json) -> str:
    return str(metrics[gate["metric"]]["says"]) if gate["metric"] in metrics else "Cases that broke."


def _kept(passed: bool) -> str:
    word = "kept" if passed else "broken"
    return f'<span class="{word}">{word}</span>'


def _numbers(metrics: Json) -> str:
    shown = [(name, row) for name, row in metrics.items() if row["value"] is not None]
    chart = interval_chart(
        [(name, row["value"], row["low"], row["high"]) for name, row in shown],
        title="All numbers with their 95 % intervals",
    )
    rows = [
        (
            f"{_(name)}<br><span class='soft'>{_(row['says'])}</span>",
            _value(row),
            f"{row['n']} ({row['clusters']})",
            "<br>".join(f"{count}: {_(why)}" for why, count in row["not_applicable"].items()),
            _(f"{row['checked_by']}; {row['better']} is better"),
        )
        for name, row in metrics.items()
    ]
    head = ("Number", "Value [95 %]", "Cases (independent)", "Left out, and why", "Decided by")
    how = (
        "1 is all and 0 is none. A dot is the number, the bar its interval; the table says what each counts."
    )
    return f'<h2>All numbers</h2><p class="soft">{how}</p>{chart}{_table(head, rows)}'


def _value(row: Json) -> str:
    if row["value"] is None:
        return "-"
    bounds = "" if row["low"] is None else f"<br>[{row['low']:.3f}, {row['high']:.3f}]"
    return f"{row['value']:.3f}{bounds}<br><span class='soft'>{_(row['interval'])}</span>"


def _decisions(found: Json | None) -> str:
    if found is None:
        return ""
    c = found["cells"]
    rows = (
        ("The evidence answers it", str(c["answered_answerable"]), str(c["declined_answerable"])),
        ("It does not", str(c["answered_unanswerable"]), str(c["declined_unanswerable"])),
    )
    points = [(float(p[0]), float(p[1])) for p in found["risk_coverage"]]
    chart = risk_coverage_chart(points, title="Risk against coverage, by the score of the best passage found")
    words = (
        f"Declined although the evidence answers it: {_value(found['over_refusal'])}. "
        f"Answered although it does not: {_value(found['unsupported_answers'])}."
    ).replace("<br>", " ")
    note = (
        "Declined: refused, or answered in part with a stated reason, such as a premise that was put right."
    )
    return (
        f"<h2>Answer or decline</h2>{_table(('Question', 'Answered', 'Declined'), rows)}<p>{words}</p>"
        f'<p class="soft">{note}</p>{chart}'
    )


def _kinds(parts: Json) -> str:
    rows = [
        (_(part), _(name), _value({**row, "interval": ""}), str(row["n"]))
        for part, metrics in parts.items()
        for name, row in metrics.items()
    ]
    if not rows:
        return ""
    table = _table(("Kind of question", "Number", "Value [95 %]", "Cases"), rows)
    return f"<h2>By kind of question</h2><details><summary>Show the table</summary>{table}</details>"


def _failing(failing: Sequence[Failing]) -> str:
    if not failing:
        return "<h2>Cases that went wrong</h2><p>None.</p>"
    shown = "".join(_one(item) for item in failing[:MOST_CASES])
    more = len(failing) - MOST_CASES
    rest = f"<p>{more} more are in the file of records.</p>" if more > 0 else ""
    return f"<h2>Cases that went wrong: {len(failing)}, worst first</h2>{shown}{rest}"


def _one(item: Failing) -> str:
    record = item.record
    reasons = "".join(f"<li>{_(reason)}</li>" for reason in item.reasons)
    said = _advice(record) if record["kind"] == "vignettes" else _said(record["answer"])
    return (
        f"<details><summary><strong>{_(record['question'])}</strong> <span class='soft'>{_(record['id'])}, "
        f"{_(record['subkind'] or record['kind'])}</span></summary><ul>{reasons}</ul>"
        f"{_before(record)}{_expected(record)}{said}{_found(record)}</details>"
    )


def _before(record: Json) -> str:
    said = "".join(
        f"<li>{'Asked' if turn['role'] == 'user' else 'The assistant said'}: {_(turn['text'])}</li>"
        for turn in record["turns"]
    )
    return f"<p>Before that:</p><ul>{said}</ul>" if said else ""


def _expected(record: Json) -> str:
    wanted = record["labels"]
    if "best" in wanted:
        return f"<p>Best: {_(', '.join(wanted['best']) or 'none is warranted')}.</p>"
    if "related" in wanted:
        may = _findings(record, dict.fromkeys(wanted["related"], 0))
        nothing = "" if may else " nothing."
        return f"<p>A good reply: {_(wanted['acceptable'])} It may cite:{nothing}</p>{may}"
    return f"<p>Findings that matter:</p>{_findings(record, wanted.get('relevant', {}))}"


def _findings(record: Json, grades: Mapping[str, int]) -> str:
    """The labelled findings in words, what answers first, each with the place where it was found."""
    places = {hit["id"]: hit["rank"] for hit in reversed(record["hits"] or ())}
    items = [
        f"<li>{_(record.get('words', {}).get(key, ''))} <span class='soft'>{_(key)}"
        f"{', ' + GRADES[grade] if grade else ''}, "
        f"{f'found in place {places[key]}' if key in places else 'not found'}</span></li>"
        for key, grade in sorted(grades.items(), key=lambda pair: (-pair[1], pair[0]))
    ]
    return f"<ul>{''.join(items)}</ul>" if items else ""


def _said(answer: Json | None) -> str:
    if answer is None:
        return "<p>No answer was given.</p>"
    reason = f" ({answer['reason'].replace('_', ' ')})" if answer["reason"] else ""
    state = _(f"{STATES.get(answer['state'], answer['state'])}{reason}")
    body = (
        "".join(_statement(s) for s in answer["statements"])
        or f"<p>{_(answer['because'] or answer['lead'])}</p>"
    )
    return f"<h3>What it said: {state}</h3>{body}"


def _statement(statement: Json) -> str:
    quotes = "".join(
        f"<blockquote>{_(c['quote'])} <span class='soft'>{_(c['record_id'] or c['passage_id'])}</span>"
        "</blockquote>"
        for c in statement["citations"]
    )
    return f"<p>{_(statement['text'])} <span class='soft'>({_(statement['kind'])})</span></p>{quotes}"


def _advice(record: Json) -> str:
    named = ", ".join(record["mechanisms"] or ()) or "nothing"
    return f"<p>It advised: {_(named)}.</p>"


def _found(record: Json) -> str:
    if not record["hits"]:
        return ""
    texts = {e["passage_id"]: e.get("text", "") for e in (record["answer"] or {}).get("evidence", ())}
    grades = record["labels"].get("relevant", {})
    rows = [
        (
            str(h["rank"]),
            _(h["id"]),
            GRADES.get(grades.get(h["id"], 0), "not labelled"),
            _(texts.get(h["passage_id"], "")),
            f"{h['score']:.3f}",
        )
        for h in record["hits"]
    ]
    return "<h3>What it found</h3>" + _table(("Place", "Finding", "Label", "Words", "Score"), rows)


def _times(timings: Mapping[str, Json]) -> str:
    rows = [
        (_(stage), f"{t['p50_ms']:.1f}", f"{t['p95_ms']:.1f}", str(t["n"]))
        for stage, t in sorted(timings.items())
    ]
    if not rows:
        return ""
    head = ("Stage", "Half within (ms)", "19 in 20 within (ms)", "Cases")
    return "<h2>Time taken</h2>" + _table(head, rows)


def _ground(about: Json) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in about["versions"].items())
    facts = (
        ("Run", about["fingerprint"]),
        ("Seed", about["seed"]),
        ("Corpus", about["corpus_hash"] or "unnamed"),
        ("Settings", about["config_hash"]),
        ("Cases", about["cases_hash"]),
        ("Support check", about["support_check"]),
        ("Versions", versions),
    )
    return "<h2>What this run stands on</h2>" + _table(("What", "Which"), [(_(a), _(b)) for a, b in facts])
