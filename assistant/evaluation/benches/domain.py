"""Loads the domain set (our own labelled questions, kept outside the project) as cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from assistant.errors import CorpusError
from assistant.evaluation.cases import Case, DialogueCase, QuestionCase, UnanswerableCase, VignetteCase
from assistant.evaluation.loading import checked, read_records

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class DomainSet:
    """The four parts of the set."""

    questions: tuple[QuestionCase, ...]
    unanswerable: tuple[UnanswerableCase, ...]
    vignettes: tuple[VignetteCase, ...]
    dialogues: tuple[DialogueCase, ...]

    @property
    def cases(self) -> tuple[Case, ...]:
        """All of them, part after part."""
        return (*self.questions, *self.unanswerable, *self.vignettes, *self.dialogues)


def load_domain(folder: Path) -> DomainSet:
    """The set in a folder, each record joined with its labels. Raises CorpusError naming file and line."""
    return DomainSet(
        questions=_joined(QuestionCase, folder, "questions.jsonl", "qrels.jsonl"),
        unanswerable=_joined(UnanswerableCase, folder, "unanswerable.jsonl", None),
        vignettes=_joined(VignetteCase, folder, "vignettes.jsonl", "vignette_labels.jsonl"),
        dialogues=_joined(DialogueCase, folder, "dialogues.jsonl", "dialogue_qrels.jsonl"),
    )


def _joined(kind: type[T], folder: Path, records: str, labels: str | None) -> tuple[T, ...]:
    by_id: dict[str, Mapping[str, Any]] = {}
    if labels:
        by_id = {str(record["id"]): record for _, record in read_records(folder / labels)}
    made = []
    for line, record in read_records(folder / records):
        if labels and record.get("id") not in by_id:
            raise CorpusError(
                f"'{record.get('id')}' has no label in {labels}.", path=folder / records, line=line
            )
        whole = {**record, **by_id.get(str(record.get("id")), {})}
        made.append(checked(kind, whole, path=folder / records, line=line))
    return tuple(made)
