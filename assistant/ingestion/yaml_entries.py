"""Reads a YAML mapping key by key, remembers the line of everything, and collects faults instead of stopping.

It knows types and lines, not what a study or a mechanism is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import NoReturn

import yaml

from assistant.errors import CorpusError

MAX_DEPTH = 40
"""Deepest nesting that is read. The C parser overruns its stack on absurd nesting instead of raising."""

_TAG = "tag:yaml.org,2002:"
_TYPE_NAMES = {"str": "text", "int": "a whole number", "float": "a number", "bool": "true or false"}


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong with one file, and how to mend it."""

    path: str
    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.path} line {self.line}: {self.sentence}"


@dataclass(frozen=True, slots=True)
class Mention:
    """A place that names something defined elsewhere, such as a factor."""

    kind: str
    id: str
    path: str
    line: int


@dataclass(slots=True)
class Notes:
    """What has been noticed so far while a corpus is read: faults, and names still to be looked up."""

    faults: list[Fault] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)

    def fault(self, path: str, line: int, sentence: str) -> None:
        """Note one fault."""
        self.faults.append(Fault(path, line, sentence))

    def look_up(self, known: dict[str, Iterable[str]]) -> None:
        """Note a fault, with the nearest name, for every mention of a name that is not `known`."""
        names = {kind: set(ids) for kind, ids in known.items()}
        for mention in self.mentions:
            if mention.id not in names[mention.kind]:
                cure = nearest(mention.id, names[mention.kind])
                self.fault(mention.path, mention.line, f"no {mention.kind} called '{mention.id}'; {cure}")

    def raise_if_any(self) -> None:
        """Raise one CorpusError that lists every fault by file and line. Does nothing if there are none."""
        if self.faults:
            _raise(sorted(set(self.faults)))


def _raise(faults: list[Fault]) -> NoReturn:
    first, *rest = faults
    raise CorpusError(
        first.sentence, path=first.path, line=first.line, more=tuple(str(fault) for fault in rest)
    )


def nearest(name: str, known: Iterable[str]) -> str:
    """The cure for an unknown name: the nearest known one, or where to add it."""
    near = get_close_matches(name, sorted(known), n=1)
    return f"did you mean '{near[0]}'?" if near else "check the spelling, or add it first"


def parse(text: str, path: str, notes: Notes, *, first_line: int = 1) -> Entry | None:
    """The mapping that a YAML text holds; None, with a fault noted, if it holds none.

    `first_line` is the line of the file on which `text` begins.
    """
    try:
        if _too_deep(text):
            notes.fault(path, first_line, "lists or mappings are nested too deeply; flatten them")
            return None
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        line = (error.problem_mark.line if error.problem_mark else 0) + first_line
        problem = f"this is not valid YAML ({error.problem}); check the indentation and quotation marks"
        notes.fault(path, line, problem)
        return None
    except yaml.YAMLError:
        notes.fault(path, first_line, "holds characters that YAML does not allow; remove control characters")
        return None
    if not isinstance(node, yaml.MappingNode):
        notes.fault(path, first_line, "should hold keys and values, such as 'title: ...'")
        return None
    return Entry(node, path, notes, offset=first_line)


def _too_deep(text: str) -> bool:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                return True
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
    return False


class Entry:
    """One mapping. Each accessor reads a key and notes a fault if it is missing or of the wrong type.

    After a fault an accessor returns an empty value, so that reading goes on and finds the other faults.
    """

    def __init__(self, node: yaml.MappingNode, path: str, notes: Notes, *, offset: int) -> None:
        self.path = path
        self.notes = notes
        self.line = node.start_mark.line + offset
        self._offset = offset
        self._seen: set[str] = set()
        self._keys: dict[str, tuple[int, yaml.Node]] = {}
        for key, value in node.value:
            line = key.start_mark.line + offset
            if not isinstance(key, yaml.ScalarNode):
                notes.fault(path, line, "a key should be a plain word")
            elif key.value in self._keys:
                notes.fault(path, line, f"'{key.value}' is given twice; keep one")
            else:
                self._keys[key.value] = (line, value)

    def fault(self, sentence: str, *, key: str | None = None) -> None:
        """Note a fault at the line of `key`, or of the whole entry."""
        self.notes.fault(self.path, self.line_of(key), sentence)

    def line_of(self, key: str | None) -> int:
        """The line on which `key` stands; that of the entry if the key is absent."""
        return self._keys[key][0] if key in self._keys else self.line

    def has(self, key: str) -> bool:
        """True if the key is there with a value other than null."""
        return key in self._keys and self._keys[key][1].tag != f"{_TAG}null"

    def close(self, what: str) -> None:
        """Note a fault for every key that nobody asked for."""
        for key, (line, _) in self._keys.items():
            if key not in self._seen:
                cure = nearest(key, self._seen - self._keys.keys())
                self.notes.fault(self.path, line, f"{what} has no key '{key}'; {cure}")

    def text(self, key: str) -> str:
        """Required text, its white space made single."""
        if self._node(key, required=True) is None:
            return ""
        return self._scalar(key, "str")

    def optional_text(self, key: str) -> str | None:
        """Text, or None if the key is missing or null."""
        return None if self._node(key) is None else self._scalar(key, "str")

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; empty if the key is missing. A text given twice is a fault."""
        texts: list[str] = []
        for node in self._items(key):
            value = self._value(node, "str", f"each item of '{key}'")
            if value and value in texts:
                self.notes.fault(self.path, self._line(node), f"'{value}' stands twice in '{key}'; keep one")
            elif value:
                texts.append(value)
        return tuple(texts)

    def choice(self, key: str, allowed: tuple[str, ...]) -> str:
        """Required text that is one of `allowed`."""
        value = self.text(key)
        if value and value not in allowed:
            self.fault(f"'{key}' cannot be '{value}'; use {' or '.join(allowed)}", key=key)
        return value

    def optional_choice(self, key: str, allowed: tuple[str, ...]) -> str | None:
        """One of `allowed`, or None if the key is missing or null."""
        return self.choice(key, allowed) if self._node(key) is not None else None

    def flag(self, key: str) -> bool:
        """Required true or false."""
        return self._node(key, required=True) is not None and self._scalar(key, "bool").lower() in (
            "true",
            "yes",
            "on",
        )

    def whole(self, key: str) -> int | None:
        """A whole number, or None if the key is missing or null."""
        if self._node(key) is None:
            return None
        value = self._scalar(key, "int")
        if value and not value.isdecimal():
            self.fault(f"'{key}' should be written in plain digits, not '{value}'", key=key)
            return None
        return int(value) if value else None

    def fraction(self, key: str) -> float:
        """A required number from 0 to 1."""
        if self._node(key, required=True) is None:
            return 0.0
        text = self._scalar(key, "float", "int")
        try:
            value = float(text or "0")
        except ValueError:
            value = -1.0
        if not 0 <= value <= 1:
            self.fault(f"'{key}' should be a number from 0 to 1, not '{text}'", key=key)
            return 0.0
        return value

    def name(self, key: str, kind: str) -> str:
        """The required id of something of that kind, looked up when everything has been read."""
        value = self.text(key)
        if value:
            self.notes.mentions.append(Mention(kind, value, self.path, self.line_of(key)))
        return value

    def optional_name(self, key: str, kind: str) -> str | None:
        """The id of something of that kind, or None if the key is missing or null."""
        return self.name(key, kind) if self._node(key) is not None else None

    def names(self, key: str, kind: str) -> tuple[str, ...]:
        """A list of ids of that kind, looked up when everything has been read."""
        names = self.texts(key)
        for node in self._items(key):
            if isinstance(node, yaml.ScalarNode) and node.value in names:
                self.notes.mentions.append(Mention(kind, node.value, self.path, self._line(node)))
        return names

    def entry(self, key: str) -> Entry | None:
        """The required mapping under `key`; None, with a fault noted, if there is none."""
        node = self._node(key, required=True)
        if node is None:
            return None
        if not isinstance(node, yaml.MappingNode):
            self.fault(f"'{key}' should hold keys and values", key=key)
            return None
        return Entry(node, self.path, self.notes, offset=self._offset)

    def optional_entry(self, key: str) -> Entry | None:
        """The mapping under `key`, or None if the key is missing or null."""
        return self.entry(key) if self._node(key) is not None else None

    def entries(self, key: str) -> list[Entry]:
        """The mappings listed under `key`; empty if the key is missing."""
        entries = []
        for node in self._items(key):
            if isinstance(node, yaml.MappingNode):
                entries.append(Entry(node, self.path, self.notes, offset=self._offset))
            else:
                self.notes.fault(
                    self.path, self._line(node), f"each item of '{key}' should hold keys and values"
                )
        return entries

    def _node(self, key: str, *, required: bool = False) -> yaml.Node | None:
        self._seen.add(key)
        if self.has(key):
            return self._keys[key][1]
        if required:
            self.fault(f"'{key}' is missing or empty; add it", key=key)
        return None

    def _items(self, key: str) -> list[yaml.Node]:
        node = self._node(key)
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.fault(f"'{key}' should be a list", key=key)
            return []
        return list(node.value)

    def _scalar(self, key: str, *types: str) -> str:
        node = self._keys[key][1]
        value = self._value(node, types[0], f"'{key}'", also=types[1:])
        if types == ("str",) and not value and node.tag == f"{_TAG}str":
            self.fault(f"'{key}' is empty; fill it in", key=key)
        return value

    def _value(self, node: yaml.Node, kind: str, what: str, also: tuple[str, ...] = ()) -> str:
        if isinstance(node, yaml.ScalarNode) and node.tag in {f"{_TAG}{name}" for name in (kind, *also)}:
            return " ".join(node.value.split())
        cure = "; put it in quotation marks" if kind == "str" and isinstance(node, yaml.ScalarNode) else ""
        self.notes.fault(self.path, self._line(node), f"{what} should be {_TYPE_NAMES[kind]}{cure}")
        return ""

    def _line(self, node: yaml.Node) -> int:
        line: int = node.start_mark.line + self._offset
        return line
