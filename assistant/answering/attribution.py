"""Says in plain words what kind of study a finding comes from, where and when. Never grades it."""

from __future__ import annotations

import re

from assistant.domain.documents import BlockKind, Passage
from assistant.domain.framework import Finding, Study

OPENINGS = ("", "In favour: ", "Against: ", "A caution: ")
"""The only words that may stand before a finding: they weigh two findings and claim nothing themselves."""

_KINDS = (
    (r"^none\b", "a constructed example"),
    (r"trade.press", "a news report"),
    (r"programme statement", "a statement by the programme"),
    (r"official statement", "an official statement"),
    (r"commentary by a provider", "a commentary by a provider body"),
    (r"commentary", "a commentary"),
    (r"commercial benchmark", "a commercial benchmark, not peer reviewed"),
    (r"expert recommendation", "expert recommendations"),
    (r"methodological discussion", "a discussion of methods"),
    (r"(review|analysis|synthesis) of randomi[sz]ed controlled trials", "a review of randomised trials"),
    (r"feasibility", "a feasibility study"),
    (r"randomi[sz]ed controlled trial\b", "a randomised trial"),
    (r"meta-synthesis", "a review of qualitative studies"),
    (r"scoping review", "a scoping review"),
    (r"rapid evidence review", "a rapid review"),
    (r"realist (review|synthesis)", "a realist review"),
    (r"concept analysis", "a concept analysis"),
    (r"systematic(,? mixed)? (literature )?review", "a systematic review"),
    (r"(integrative|integrated) (literature )?review", "a review of studies"),
    (r"delphi", "an expert panel"),
    (r"expert round tables", "expert round tables"),
    (r"mixed.methods evaluation", "a mixed-methods evaluation"),
    (r"mixed.methods", "a mixed-methods study"),
    (r"realist evaluation", "a realist evaluation"),
    (r"programme evaluation", "a programme evaluation"),
    (r"participatory (qualitative )?evaluation", "a participatory evaluation"),
    (r"national qualitative evaluation", "a national evaluation"),
    (r"qualitative evaluation", "a qualitative evaluation"),
    (r"evaluation", "an evaluation"),
    (r"action research", "action research"),
    (r"ethnographic case study", "an ethnographic case study"),
    (r"ethnograph", "an ethnographic study"),
    (r"case studies|multiple case study", "case studies"),
    (r"comparative case study", "a comparative case study"),
    (r"case study with (a )?comparison", "a case study with a comparison"),
    (r"case study", "a case study"),
    (r"diffusion model", "a modelling study"),
    (r"regression|panel data|quantitative", "a statistical study"),
    (r"(survey|questionnaire)\b.* interviews", "a survey with interviews"),
    (r"survey|questionnaire", "a survey"),
    (r"cross-sectional|enrolment", "a statistical study"),
    (r"programme monitoring", "programme monitoring"),
    (r"descriptive account.* builders", "a description by the people who built it"),
    (r"model development", "a study that built a model"),
    (r"longitudinal qualitative", "a longitudinal qualitative study"),
    (r"^(qualitative |semi-structured )*interviews?( study)?$", "an interview study"),
    (r"qualitative", "a qualitative study"),
    (r"interviews and focus groups", "interviews and focus groups"),
    (r"observation and interviews", "observation and interviews"),
)
"""What the name of a design is called, the first that fits. None says more than the record does."""

_NAME = re.compile(r"[;:(]")
"""What comes after this in a design tells how it was done, and does not name it."""


def kind_of_study(study: Study) -> str:
    """The design in words a manager understands, with its article: "a systematic review".

    Only the design's own name is read, not the methods listed after it: an evaluation that also used a
    survey is an evaluation. Where no words fit it is called a study, or a report if nobody reviewed it.
    """
    name = _NAME.split((study.study_design or "").lower())[0].strip()
    for pattern, words in _KINDS:
        if re.search(pattern, name):
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
    """The finding's own words followed by what kind of study they come from.

    What we infer is never credited to the study: the bracket says that it is ours and what it is drawn from.
    """
    words = finding.statement.rstrip()
    stop = words[-1] if words[-1] in ".?!" else "."
    source = f"our inference from {label(study)}" if finding.kind == "inference" else label(study)
    return f"{words.rstrip('.?!')} ({source}){stop}"


def quoted(passage: Passage, words: str) -> str:
    """Stored words in quotation marks after who said them, or where they stand."""
    if passage.kind is BlockKind.TURN and passage.speaker:
        return f"{passage.speaker} said: “{words}”"
    return f"{passage.title}: “{words}”" if passage.title else f"“{words}”"
