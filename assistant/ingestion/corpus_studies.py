"""Reads a study's record and its findings into domain values. Does not look beyond one study's folder."""

from __future__ import annotations

from assistant.domain.framework import Basis, Coding, Finding, Polarity, Relationship, Study
from assistant.ingestion.yaml_entries import Entry

STATUSES = ("abstract-seen", "full-text-seen", "results-not-seen", "constructed")
TIERS = ("core", "supporting", "bibliographic")
SUBJECTS = ("mechanism", "evidence-base", "model", "out-of-domain")
KINDS = ("reported", "inference")
POLARITIES = tuple(polarity.value for polarity in Polarity)
BASES = tuple(basis.value for basis in Basis)
ROLE_BASES = ("stated", "inferred")
FORMALITIES = ("formal", "informal", "both")
ORIGINS = ("internal", "external", "both")

MAX_STATEMENT = 900
"""Characters in a statement. A finding is one passage, and a passage must fit the embedding model whole."""


def read_study(entry: Entry, study_id: str) -> Study:
    """The record of one study. A study is cited only if the record says so."""
    study = Study(
        id=study_id,
        title=entry.text("title"),
        authors=entry.texts("authors"),
        year=entry.whole("year"),
        venue=entry.optional_text("venue"),
        doi=entry.optional_text("doi"),
        url=entry.optional_text("url"),
        licence=entry.optional_text("licence"),
        study_design=entry.optional_text("study_design"),
        sample=entry.optional_text("sample"),
        setting=entry.optional_text("setting"),
        domain=entry.text("domain"),
        tags=entry.texts("tags"),
        tier=entry.choice("tier", TIERS),
        status=entry.choice("status", STATUSES),
        peer_reviewed=entry.flag("peer_reviewed"),
        strength=entry.optional_text("strength"),
        verified=entry.optional_text("verified"),
        evidence_group=entry.text("evidence_group"),
        citable=entry.flag("citable"),
        notes=entry.optional_text("notes"),
    )
    entry.close("a study record")
    return study


def read_findings(entry: Entry, study: Study) -> list[tuple[Finding, int]]:
    """The findings of a study in the order of the file, each with the line on which it begins."""
    found = [(_finding(item, study), item.line_of("id")) for item in entry.entries("findings")]
    entry.close("a findings file")
    if found and study.status in ("results-not-seen", "constructed"):
        entry.fault(
            f"study.yaml says status '{study.status}', so there can be no findings; mend one of the two",
            key="findings",
        )
    return found


def _finding(entry: Entry, study: Study) -> Finding:
    relationship = entry.optional_entry("relationship")
    second = entry.optional_entry("second_coding")
    finding = Finding(
        id=entry.text("id"),
        study_id=study.id,
        domain=study.domain,
        statement=entry.text("statement"),
        subject=entry.choice("subject", SUBJECTS),
        kind=entry.choice("kind", KINDS),
        coding=_coding(entry),
        role_basis=entry.optional_choice("role_basis", ROLE_BASES),
        relationship=_relationship(relationship) if relationship else None,
        strength=study.strength,
        locator=entry.text("locator"),
        seen=entry.text("seen"),
        note=entry.optional_text("note"),
        second_coding=_second_coding(second) if second else None,
        asked_as=entry.texts("asked_as"),
    )
    entry.close("a finding")
    _check_finding(entry, finding, study)
    return finding


def _check_finding(entry: Entry, finding: Finding, study: Study) -> None:
    if finding.id and not finding.id.startswith(f"{study.id}-f"):
        entry.fault(f"the id '{finding.id}' should begin with '{study.id}-f'", key="id")
    if len(finding.statement) > MAX_STATEMENT:
        entry.fault(f"the statement is longer than {MAX_STATEMENT} characters; split it", key="statement")
    if (finding.coding.role is None) != (finding.role_basis is None):
        entry.fault("give both 'role' and 'role_basis', or neither", key="role")


def _coding(entry: Entry) -> Coding:
    return Coding(
        level=entry.optional_name("level", "level"),
        factors=entry.names("factors", "factor"),
        role=entry.optional_name("role", "role"),
        mechanisms=entry.names("mechanisms", "mechanism"),
        polarity=entry.choice("polarity", POLARITIES),
    )


def _second_coding(entry: Entry) -> Coding:
    coding = _coding(entry)
    entry.close("a second coding")
    return coding


def _relationship(entry: Entry) -> Relationship:
    relationship = Relationship(
        formality=entry.optional_choice("formality", FORMALITIES),
        origin=entry.optional_choice("origin", ORIGINS),
    )
    entry.close("a relationship")
    return relationship
