"""Reports from a stored run: Markdown, CSV, JUnit XML and one HTML page. Nothing is measured again."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from assistant.evaluation.failing import failing_cases
from assistant.evaluation.page import html_page
from assistant.evaluation.records import TIMES, Json, read_run
from assistant.evaluation.trust import verdicts
from assistant.security.spreadsheets import harmless

MARKDOWN, PAGE, TABLE, JUNIT = "report.md", "report.html", "cases.csv", "junit.xml"


def write_reports(folder: Path) -> tuple[Path, ...]:
    """Write all reports beside the records of a run, and say where. Raises InputError if it is no run."""
    summary, records = read_run(folder)
    timings = json.loads((folder / TIMES).read_text(encoding="utf-8")) if (folder / TIMES).is_file() else {}
    written = {
        PAGE: html_page(summary, records, timings),
        MARKDOWN: markdown(summary, records),
        TABLE: case_table(summary, records),
        JUNIT: junit(summary, records),
    }
    for name, text in written.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    return tuple(folder / name for name in written)


def number(row: Json) -> str:
    """A value with its interval, or a dash."""
    if row["value"] is None:
        return "-"
    bounds = "" if row["low"] is None else f" [{row['low']:.3f}, {row['high']:.3f}]"
    return f"{row['value']:.3f}{bounds}"


def markdown(summary: Json, records: Sequence[Json]) -> str:
    """The report as Markdown: verdicts first, then gates, numbers, decisions and failing cases."""
    about = summary["run"]
    lines = [
        f"# {_plain(about['title'])}",
        "",
        "## Can it be trusted for ...",
        "",
        "| | | |",
        "|---|---|---|",
    ]
    lines += [f"| {v.title} | **{v.verdict}** | {v.sentence} {v.sure} |" for v in verdicts(summary)]
    lines += ["", "## Gates", ""]
    lines += [
        f"- {'kept' if g['passed'] else '**broken**'}: {g['metric']} {g['rule']}" for g in summary["gates"]
    ]
    lines += ["", "## Numbers (95 % intervals)", "", "| metric | value | cases | left out | decided by |"]
    lines += ["|---|---|---|---|---|"]
    for name, row in summary["metrics"].items():
        left = "; ".join(f"{count}: {_plain(why)}" for why, count in row["not_applicable"].items())
        lines.append(f"| {name} | {number(row)} | {row['n']} | {left} | {row['checked_by']} |")
    lines += _decisions(summary["abstention"])
    lines += ["", "## Cases that went wrong", ""]
    for failing in failing_cases(records):
        lines.append(f"- `{failing.record['id']}` {_plain(failing.record['question'])}")
        lines += [f"  - {_plain(reason)}" for reason in failing.reasons]
    lines += [
        "",
        f"Run {about['fingerprint']}, seed {about['seed']}, corpus {about['corpus_hash'] or 'unnamed'}.",
    ]
    return "\n".join(lines) + "\n"


def _decisions(found: Json | None) -> list[str]:
    if found is None:
        return []
    cells = found["cells"]
    return [
        "",
        "## Answer or decline",
        "",
        "| | answered | declined |",
        "|---|---|---|",
        f"| the evidence answers it | {cells['answered_answerable']} | {cells['declined_answerable']} |",
        f"| it does not | {cells['answered_unanswerable']} | {cells['declined_unanswerable']} |",
        "",
        f"Declined although answerable: {number(found['over_refusal'])}.",
        f"Answered although not answerable: {number(found['unsupported_answers'])}.",
    ]


def _plain(text: object) -> str:
    """Text that a Markdown reader shows as it is, on one line."""
    line = " ".join(str(text).split())
    for mark in "\\`*_[]<>|#":
        line = line.replace(mark, "\\" + mark)
    return line


def case_table(summary: Json, records: Sequence[Json]) -> str:
    """One line per case as CSV. Cells that a spreadsheet would run as a formula are made harmless."""
    names = list(summary["metrics"])
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["id", "kind", "subkind", "question", "state", "reason", "cited", "error", *names])
    for record in records:
        answer = record["answer"] or {}
        cited = [
            c["record_id"] or c["passage_id"] for s in answer.get("statements", ()) for c in s["citations"]
        ]
        row = [record["id"], record["kind"], record["subkind"], record["question"]]
        row += [answer.get("state", ""), answer.get("reason") or "", " ".join(dict.fromkeys(cited))]
        row += [record["error"] or "", *(record["scores"].get(name, "") for name in names)]
        writer.writerow([harmless(cell) for cell in row])
    return out.getvalue()


def junit(summary: Json, records: Sequence[Json]) -> str:
    """JUnit XML: a suite for the gates and one for each kind; a case that went wrong is a failure."""
    wrong = {failing.record["id"]: failing.reasons for failing in failing_cases(records)}
    root = ElementTree.Element("testsuites", name=summary["run"]["suite"])
    broken = sum(not gate["passed"] for gate in summary["gates"])
    gates = ElementTree.SubElement(
        root, "testsuite", name="gates", tests=str(len(summary["gates"])), failures=str(broken)
    )
    for gate in summary["gates"]:
        case = ElementTree.SubElement(
            gates, "testcase", name=f"{gate['metric']} {gate['rule']}", classname="gates"
        )
        if not gate["passed"]:
            ElementTree.SubElement(case, "failure", message=f"it is {gate['value']}")
    failures = Counter(r["kind"] for r in records if r["id"] in wrong)
    for kind, count in Counter(r["kind"] for r in records).items():
        part = ElementTree.SubElement(
            root, "testsuite", name=kind, tests=str(count), failures=str(failures[kind])
        )
        for record in (r for r in records if r["kind"] == kind):
            case = ElementTree.SubElement(part, "testcase", name=record["id"], classname=kind)
            if record["id"] in wrong:
                failure = ElementTree.SubElement(case, "failure", message=_xml(wrong[record["id"]][0]))
                failure.text = _xml("\n".join((record["question"], *wrong[record["id"]])))
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _xml(text: str) -> str:
    """`text` without the control characters that XML cannot hold."""
    return "".join(c for c in text if c in "\t\n" or c >= " ")
