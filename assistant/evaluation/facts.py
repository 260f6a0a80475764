"""What the corpus says about each finding, as far as scoring needs it: its words and its polarity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from assistant.domain.framework import Catalogue, Study
from assistant.errors import CorpusError


@dataclass(frozen=True, slots=True)
class Facts:
    """Statements and polarities by finding id, and what is known of each study by its id."""

    texts: Mapping[str, str] = field(default_factory=dict)
    polarity: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)


def facts_of(catalogue: Catalogue) -> Facts:
    """The facts of a catalogue that is already loaded."""
    findings = catalogue.findings
    return Facts(
        texts={key: f.statement for key, f in findings.items()},
        polarity={key: f.polarity for key, f in findings.items()},
        sources={key: _told(study) for key, study in catalogue.studies.items()},
    )


def _told(study: Study) -> str:
    parts = (study.title, study.study_design, study.sample, study.setting, study.venue, study.strength)
    return ". ".join(str(part) for part in (*parts, study.year) if part)


def read_facts(corpus: Path) -> Facts:
    """Words and polarities in `studies/*/findings.yaml` of a corpus. Raises CorpusError if there are none."""
    texts: dict[str, str] = {}
    polarity: dict[str, str] = {}
    for path in sorted(corpus.glob("studies/*/findings.yaml")):
        for finding in yaml.safe_load(path.read_text(encoding="utf-8"))["findings"]:
            texts[finding["id"]] = " ".join(str(finding["statement"]).split())
            polarity[finding["id"]] = finding["polarity"]
    if not texts:
        raise CorpusError("no findings were found under studies/.", path=corpus)
    return Facts(texts, polarity)
