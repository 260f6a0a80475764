"""Prompts: texts in `prompts/*.md` with front matter, their blanks checked both ways, named by their hash.

Filling in a blank never reads what is put in: a `$` in evidence stays a `$`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from string import Template
from typing import Any

import yaml

from assistant.errors import CorpusError

_FRONT = re.compile(r"\A---\n(?P<front>.*?)\n---\n(?P<text>.*)\Z", re.DOTALL)
_KEYS = {"purpose", "blanks"}
_USER_MARK = "\n## User\n"


@dataclass(frozen=True)
class Prompt:
    """One prompt: what the model is told to be (`system`), and what it is given each time (`user`)."""

    name: str
    purpose: str
    blanks: tuple[str, ...]
    system: str
    user: str
    sha256: str
    """Of the file's bytes, 64 hexadecimal digits: it stands in every receipt."""

    def fill(self, values: Mapping[str, str]) -> tuple[str, str]:
        """The system and user texts with every blank filled. Raises ValueError unless all are given, only."""
        if set(values) != set(self.blanks):
            raise ValueError(f"the prompt '{self.name}' has the blanks {self.blanks}, not {sorted(values)}")
        return Template(self.system).substitute(values), Template(self.user).substitute(values)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Its own words in lower case, in order, without the blanks."""
        bare = re.sub(r"\$\{?\w+\}?", " ", f"{self.system}\n{self.user}")
        return tuple(re.findall(r"[^\W_]+", bare.lower()))


def load_prompt(path: Path) -> Prompt:
    """The prompt in a file. Raises CorpusError, with file and cure, if it is not well formed."""
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-8").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(
            "This prompt cannot be read.", path=path, hint="It must be a UTF-8 file."
        ) from error
    match = _FRONT.match(text)
    if match is None:
        raise CorpusError(
            "This prompt has no front matter.", path=path, line=1, hint="Begin with lines between --- marks."
        )
    front = _front_matter(match["front"], path)
    system, mark, user = match["text"].partition(_USER_MARK)
    if not mark or not system.strip() or not user.strip():
        raise CorpusError("This prompt has no user part.", path=path, hint="Put one under '## User'.")
    _check_blanks(front["blanks"], match["text"], path)
    return Prompt(
        name=path.stem,
        purpose=front["purpose"],
        blanks=tuple(front["blanks"]),
        system=system.strip(),
        user=user.strip(),
        sha256=sha256(raw).hexdigest(),
    )


def _front_matter(text: str, path: Path) -> dict[str, Any]:
    try:
        front = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise CorpusError(
            "The front matter is not YAML.", path=path, hint="Look for a stray mark."
        ) from error
    sound = (
        isinstance(front, dict)
        and set(front) == _KEYS
        and isinstance(front["purpose"], str)
        and isinstance(front["blanks"], list)
        and all(isinstance(blank, str) for blank in front["blanks"])
    )
    if not sound:
        raise CorpusError(
            "The front matter must hold a purpose and a list of blanks, and nothing else.",
            path=path,
            line=1,
            hint="See prompts/answer.md.",
        )
    return dict(front)


def _check_blanks(declared: list[str], text: str, path: Path) -> None:
    template = Template(text)
    if not template.is_valid():
        raise CorpusError(
            "A $ in this prompt stands before no blank.", path=path, hint="Write $$ for a dollar sign."
        )
    used = set(template.get_identifiers())
    for name in sorted(used - set(declared)):
        raise CorpusError(f"The blank ${name} is not declared.", path=path, hint="Add it to 'blanks'.")
    for name in sorted(set(declared) - used):
        raise CorpusError(
            f"The blank '{name}' is declared but not used.", path=path, hint=f"Use ${name} in the text."
        )
