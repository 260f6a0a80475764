"""Reads cases and records from JSON lines and YAML, checks them, and names file and line of a fault."""

from __future__ import annotations

import gzip
import json
from collections.abc import Hashable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import IO, Any, TypeVar, cast

import yaml
from pydantic import TypeAdapter, ValidationError

from assistant.errors import CorpusError
from assistant.evaluation.cases import CASE_TYPES, Case, QuestionCase, UnanswerableCase

T = TypeVar("T")


def read_records(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """(line, record) of each object in a .jsonl, .jsonl.gz, .yaml or .yml file, in order.

    Blank lines are skipped. Raises CorpusError for what is no object.
    """
    if not path.is_file():
        raise CorpusError("this file is missing.", path=path)
    if path.suffix in {".yaml", ".yml"}:
        yield from _yaml_records(path)
        return
    with _opened(path) as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield number, _object(line, path, number)


def _opened(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8")
    return path.open(encoding="utf-8")


def _object(line: str, path: Path, number: int) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        raise CorpusError(f"this is not JSON ({error.msg}).", path=path, line=number) from None
    if not isinstance(record, dict):
        raise CorpusError("each line must be one JSON object in { }.", path=path, line=number)
    return record


def _yaml_records(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise CorpusError(f"this is not YAML ({error.problem}).", path=path, line=line) from None
    if root is None:
        return
    if not isinstance(root, yaml.SequenceNode):
        raise CorpusError("a file of cases is a list; start each case with '- '.", path=path, line=1)
    loader = yaml.SafeLoader("")
    for node in root.value:
        record = loader.construct_object(node, deep=True)
        line = node.start_mark.line + 1
        if not isinstance(record, dict):
            raise CorpusError("each case must have named fields.", path=path, line=line)
        yield line, record


def load_as(kind: type[T], path: Path) -> tuple[T, ...]:
    """Every record of a file as `kind`, in order. Raises CorpusError for a wrong field or a repeated id."""
    made: list[T] = []
    seen: dict[str, int] = {}
    for line, record in read_records(path):
        made.append(checked(kind, record, path=path, line=line))
        name = record.get("id")
        if isinstance(name, str):
            if name in seen:
                raise CorpusError(
                    f"the id '{name}' is already used in line {seen[name]}.", path=path, line=line
                )
            seen[name] = line
    return tuple(made)


def checked(kind: type[T], record: Mapping[str, Any], *, path: Path, line: int | None) -> T:
    """One record as `kind`. Raises CorpusError that names the field, the file and the line."""
    try:
        made: T = _adapter(cast(Hashable, kind)).validate_python(record)
        return made
    except ValidationError as error:
        sentence, hint = _explained(error, kind)
        raise CorpusError(sentence, path=path, line=line, hint=hint) from None


@cache
def _adapter(kind: Hashable) -> TypeAdapter[Any]:
    return TypeAdapter(cast(Any, kind))


def _explained(error: ValidationError, kind: type[Any]) -> tuple[str, str]:
    first = error.errors(include_input=False, include_url=False)[0]
    field = ".".join(str(part) for part in first["loc"])
    if first["type"] == "missing":
        return f"the field '{field}' is missing.", ""
    if first["type"] in {"extra_forbidden", "unexpected_keyword_argument"}:
        names = list(getattr(kind, "__dataclass_fields__", {}))
        near = get_close_matches(field, names, n=1)
        return f"there is no field '{field}'.", f"Did you mean '{near[0]}'?" if near else f"Known: {names}."
    return f"the field '{field}' is wrong: {first['msg'][:1].lower()}{first['msg'][1:]}.", ""


def load_cases(files: Iterable[Path]) -> tuple[Case, ...]:
    """The cases of several files, in the order given; the folder a file lies in says what kind it holds.

    Raises CorpusError for an unknown folder, a broken case, or an id used in two files.
    """
    cases: list[Case] = []
    owner: dict[str, Path] = {}
    for path in files:
        kind = CASE_TYPES.get(path.parent.name)
        if kind is None:
            known = ", ".join(CASE_TYPES)
            raise CorpusError(f"cases lie in one of the folders {known}.", path=path)
        for case in load_as(kind, path):
            if case.id in owner:
                raise CorpusError(f"the id '{case.id}' is already used in {owner[case.id].name}.", path=path)
            owner[case.id] = path
            cases.append(case)
    return tuple(cases)


def refuse_unknown_ids(cases: Iterable[Case], known: Iterable[str], *, path: Path | str) -> None:
    """Raise CorpusError for the first label that points to no known finding; offers the nearest id."""
    ids = set(known)
    for case in cases:
        for label in labels_of(case):
            if label not in ids:
                near = get_close_matches(label, sorted(ids), n=1)
                hint = f"Did you mean '{near[0]}'?" if near else ""
                raise CorpusError(f"case '{case.id}' points to no finding '{label}'.", path=path, hint=hint)


def labels_of(case: Case) -> tuple[str, ...]:
    """The finding ids that a case is labelled with."""
    if isinstance(case, UnanswerableCase):
        return case.related
    relevant: Mapping[str, int] = getattr(case, "relevant", {})
    return tuple(relevant)


def answerable(case: Case) -> bool | None:
    """Whether the collection answers it; None for a case that asks no question of it."""
    if isinstance(case, QuestionCase):
        return True
    if isinstance(case, UnanswerableCase):
        return False
    return None
