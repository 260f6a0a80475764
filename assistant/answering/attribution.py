"""Says in plain words what kind of study a finding comes from, where and when. Never grades it."""

from __future__ import annotations

import re

from assistant.domain.documents import BlockKind, Passage
from assistant.domain.framework import Finding, Study

OPENINGS = ("", "In favour: ", "Against: ", "A caution: ")
"""The only words that may stand before a finding: they weigh two findings and claim nothing themselves."""

_KINDS = (
    (r"trade.press", "a news report"),
    (r"programme statement|official statement", "an official statement"),
    (r"commentary", "a commentary by a provider body"),
    (r"commercial", "a commercial benchmark, not peer reviewed"),
    (r"expert recommendation|methodological discussion", "advice from researchers"),
    (r"randomi[sz]ed controlled trials", "a review of randomised trials"),
    (r"feasibility", "a feasibility study"),
    (r"randomi[sz]ed controlled trial", "a randomised trial"),
    (r"meta-synthesis", "a review of qualitative studies"),
    (r"scoping review", "a scoping review"),
    (r"rapid evidence review", "a rapid review"),
    (r"realist(-inspired)? (systematic )?(review|synthesis)", "a realist review"),
    (r"concept analysis", "a concept analysis"),
    (r"systematic(,? mixed)? (literature )?review|systematic review", "a systematic review"),
    (r"integrat(ive|ed) (literature )?review", "a review of studies"),
    (r"delphi", "an expert panel"),
    (r"round tables", "expert round tables"),
    (r"independent programme evaluation|programme evaluation", "a programme evaluation"),
    (
        r"national qualitative evaluation|formative qualitative|evaluation of exemplar",
        "a national evaluation",
    ),
    (r"ethnograph", "an ethnographic study"),
    (r"action research", "action research"),
    (r"case stud|cases? with|comparative case", "case studies"),
    (r"survey|questionnaire", "a survey"),
    (
        r"regression|panel|cross-sectional|quantitative|diffusion model|enrolment|monitoring",
        "a statistical study",
    ),
    (r"platform evaluation|mixed.methods|pluralistic evaluation", "an evaluation"),
    (r"descriptive account", "a description by the people who built it"),
    (r"model development", "a design study"),
    (r"qualitative|interviews|observation", "an interview study"),
)


def kind_of_study(study: Study) -> str:
    """The design in words a manager understands, with its article: "a systematic review"."""
    design = (study.study_design or "").lower()
    for pattern, words in _KINDS:
        if re.search(pattern, design):
            return words
    return "a study" if study.peer_reviewed else "a report"


def place_of(study: Study) -> str:
    """Where it was done, shortened to the country or "several countries"; empty if unknown.

    A setting may name who took part, or a sector: words that begin small are no place.
    """
    parts = [part.strip() for part in re.split(r"[(,;]", study.setting or "")]
    if any(re.match(r"international|high-income", part, re.IGNORECASE) for part in parts):
        return "several countries"
    return re.sub(r" partners of.*| consortia.*", "", parts[0]) if parts[0][:1].isupper() else ""


def label(study: Study) -> str:
    """What stands behind a sentence, in brackets: "a national evaluation, England, 2021"."""
    year = str(study.year) if study.year else ""
    return ", ".join(part for part in (kind_of_study(study), place_of(study), year) if part)


def attributed(finding: Finding, study: Study) -> str:
    """The finding's own words followed by what kind of study they come from."""
    words = finding.statement.rstrip()
    stop = words[-1] if words[-1] in ".?!" else "."
    return f"{words.rstrip('.?!')} ({label(study)}){stop}"


def quoted(passage: Passage, words: str) -> str:
    """Stored words in quotation marks after who said them, or where they stand."""
    if passage.kind is BlockKind.TURN and passage.speaker:
        return f"{passage.speaker} said: “{words}”"
    return f"{passage.title}: “{words}”" if passage.title else f"“{words}”"
