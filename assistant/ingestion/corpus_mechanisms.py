"""Reads `mechanisms/<slug>.md`: YAML front matter, then prose under three headings."""

from __future__ import annotations

import re

from assistant.domain.framework import Basis, Condition, Effort, Indicators, Mechanism, Spectrum
from assistant.ingestion.corpus_framework import ENDS
from assistant.ingestion.corpus_studies import BASES, KINDS
from assistant.ingestion.yaml_entries import Entry, Notes, nearest, parse

HEADINGS = {
    "What it is": "what_it_is",
    "What the evidence says": "evidence_note",
    "Who may be left out": "equity_note",
}
EFFORTS = ("low", "med", "high")
TEXT_KINDS = ("synthesis", *KINDS)

_FENCE = re.compile(r"^---[ \t]*$", re.MULTILINE)
_HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t]*$", re.MULTILINE)


def read_mechanism(
    text: str, path: str, mechanism_id: str, notes: Notes, *, quadrant_cut: float
) -> Mechanism | None:
    """The mechanism that a file describes; None, with faults noted, if its front matter cannot be read."""
    fences = list(_FENCE.finditer(text))[:2]
    if len(fences) < 2 or text[: fences[0].start()].strip():
        notes.fault(path, 1, "should begin with front matter between two lines of '---'")
        return None
    begin = fences[0].end() + 1
    entry = parse(text[begin : fences[1].start()], path, notes, first_line=text.count("\n", 0, begin) + 1)
    if entry is None:
        return None
    prose = _prose(text, fences[1].end(), path, notes)
    return _mechanism(entry, mechanism_id, prose, quadrant_cut)


def _mechanism(entry: Entry, mechanism_id: str, prose: dict[str, str], cut: float) -> Mechanism:
    findings = entry.entry("findings")
    spectrum, effort, indicators = (entry.entry(key) for key in ("spectrum", "effort", "indicators"))
    mechanism = Mechanism(
        id=mechanism_id,
        name=entry.text("name"),
        aka=entry.texts("aka"),
        spectrum=_spectrum(spectrum, cut),
        favoured_by=tuple(_condition(item) for item in entry.entries("favoured_by")),
        hindered_by=tuple(_condition(item) for item in entry.entries("hindered_by")),
        prerequisites=entry.texts("prerequisites"),
        first_steps=entry.texts("first_steps"),
        effort=_effort(effort),
        failure_modes=entry.texts("failure_modes"),
        indicators=_indicators(indicators),
        supporting_findings=findings.names("supporting", "finding") if findings else (),
        cautionary_findings=findings.names("cautionary", "finding") if findings else (),
        context_findings=findings.names("context", "finding") if findings else (),
        text_kind=entry.choice("text_kind", TEXT_KINDS),
        situations=entry.texts("situations"),
        not_here=entry.texts("not_here"),
        **prose,
    )
    if findings:
        findings.close("'findings'")
        _check_lists(findings, mechanism)
    entry.close("a mechanism")
    return mechanism


def _check_lists(entry: Entry, mechanism: Mechanism) -> None:
    lists = (mechanism.supporting_findings, mechanism.cautionary_findings, mechanism.context_findings)
    listed = [finding for group in lists for finding in group]
    for finding in sorted({finding for finding in listed if listed.count(finding) > 1}):
        entry.fault(f"'{finding}' stands in more than one list of findings; keep it in one")


def _spectrum(entry: Entry | None, cut: float) -> Spectrum:
    if entry is None:
        return Spectrum(0.0, 0.0, "", "", "")
    spectrum = Spectrum(
        formality=entry.fraction("formality"),
        origin=entry.fraction("origin"),
        quadrant=entry.name("quadrant", "quadrant"),
        rationale=entry.text("rationale"),
        kind=entry.choice("kind", TEXT_KINDS),
    )
    entry.close("'spectrum'")
    formality = "formal" if spectrum.formality >= cut else "informal"
    origin = "external" if spectrum.origin >= cut else "internal"
    place = f"{formality}-{origin}"
    if spectrum.quadrant and spectrum.quadrant != place:
        entry.fault(
            f"the two positions lie in '{place}', not in '{spectrum.quadrant}'; mend one of them",
            key="quadrant",
        )
    return spectrum


def _condition(entry: Entry) -> Condition:
    basis = entry.choice("basis", BASES)
    condition = Condition(
        factor=entry.name("factor", "factor"),
        direction=entry.choice("direction", ENDS),
        why=entry.text("why"),
        basis=Basis(basis) if basis in BASES else Basis.SYNTHESIS,
        support=entry.names("support", "finding"),
    )
    entry.close("a condition")
    if basis == Basis.SYNTHESIS and condition.support:
        entry.fault("a condition with basis synthesis carries no support; empty 'support'", key="support")
    if basis == Basis.EVIDENCE and not condition.support:
        entry.fault(
            "a condition with basis evidence needs a finding in 'support'; add one or write synthesis",
            key="basis",
        )
    return condition


def _effort(entry: Entry | None) -> Effort:
    if entry is None:
        return Effort("", "", "")
    effort = Effort(
        level=entry.choice("level", EFFORTS),
        reason=entry.text("reason"),
        time_to_first_value=entry.text("time_to_first_value"),
        who_pays=entry.text("who_pays"),
    )
    entry.close("'effort'")
    return effort


def _indicators(entry: Entry | None) -> Indicators:
    if entry is None:
        return Indicators((), ())
    indicators = Indicators(
        leading=entry.texts("leading"),
        lagging=entry.texts("lagging"),
        leading_collected_by=entry.text("leading_collected_by"),
        lagging_collected_by=entry.text("lagging_collected_by"),
    )
    entry.close("'indicators'")
    for key, signs in (("leading", indicators.leading), ("lagging", indicators.lagging)):
        if not signs:
            entry.fault(f"'{key}' names no sign to watch; add at least one", key=key)
    return indicators


def _prose(text: str, start: int, path: str, notes: Notes) -> dict[str, str]:
    """The text under each of the three headings, by field name; single white space in paragraphs."""
    parts = dict.fromkeys(HEADINGS.values(), "")
    headings = list(_HEADING.finditer(text, start))
    if text[start : headings[0].start() if headings else None].strip():
        notes.fault(path, text.count("\n", 0, start) + 1, "text before the first heading; move it below one")
    for heading, following in zip(headings, [*headings[1:], None], strict=True):
        line = text.count("\n", 0, heading.start()) + 1
        field = HEADINGS.get(heading[1])
        if field is None:
            notes.fault(path, line, f"no heading '{heading[1]}' is known; {nearest(heading[1], HEADINGS)}")
        elif parts[field]:
            notes.fault(path, line, f"the heading '{heading[1]}' stands twice; keep one")
        else:
            parts[field] = _paragraphs(text[heading.end() : following.start() if following else None])
    for title, field in HEADINGS.items():
        if not parts[field]:
            notes.fault(path, text.count("\n") + 1, f"nothing stands under the heading '## {title}'; add it")
    return parts


def _paragraphs(text: str) -> str:
    return "\n\n".join(" ".join(part.split()) for part in re.split(r"\n[ \t]*\n", text) if part.strip())
