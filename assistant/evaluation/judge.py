"""A chat model as a judge of statements and of answers. A plug-in: nothing calls it unless it is asked for.

Its words count only beside its agreement with people, see `judge_trust.py`. Every verdict is cached on disk.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

from assistant.errors import NotReadyError
from assistant.evaluation.records import dumps
from assistant.language.faults import ModelFault
from assistant.language.prompts import Prompt
from assistant.language.spotlight import FENCE, marked, marker_for

MOST_FAULTS = 3
"""Failures in a row after which the model is given up."""
_LINE = re.compile(r"\W*(?P<word>[A-Za-z]+)\b\W*(?P<reason>[^\n]*)")


class Chat(Protocol):
    """What a judge needs of a chat model; `language.models.ChatModel` is one."""

    name: str

    def stream(self, system: str, user: str) -> Any:
        """The reply, piece by piece."""


class Support(StrEnum):
    """How far evidence supports a statement, in the words that people use in the review."""

    FULLY = "fully"
    PARTLY = "partly"
    NOT = "not"

    @property
    def score(self) -> float:
        """1, one half or 0."""
        return {Support.FULLY: 1.0, Support.PARTLY: 0.5, Support.NOT: 0.0}[self]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the judge said of a statement."""

    label: Support
    reason: str
    raw: str


@dataclass(frozen=True, slots=True)
class Preference:
    """Which of two answers the judge prefers: -1 for a, 1 for b, 0 for neither."""

    value: int
    consistent: bool
    """False if it changed its mind with the order; that counts as neither."""


class VerdictCache:
    """Replies by the hash of all that led to them, in a file of JSON lines; a torn last line is left out."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, str] = {}
        if path.is_file():
            for line in path.read_text(encoding="utf-8").splitlines():
                self._take(line)

    def _take(self, line: str) -> None:
        try:
            row = json.loads(line)
            self._known[str(row["key"])] = str(row["reply"])
        except (json.JSONDecodeError, KeyError, TypeError):
            return

    def get(self, key: str) -> str | None:
        """The reply under that key, or None."""
        return self._known.get(key)

    def put(self, key: str, reply: str) -> None:
        """Keep a reply, on disk at once."""
        self._known[key] = reply
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="utf-8") as out:
            out.write(dumps({"key": key, "reply": reply}) + "\n")


class Judge:
    """Asks a chat model for verdicts, once for each text. None where its reply is no verdict."""

    def __init__(self, model: Chat, *, support: Prompt, prefer: Prompt, cache: VerdictCache) -> None:
        self._model = model
        self._support = support
        self._prefer = prefer
        self._cache = cache
        self._faults = 0

    @property
    def about(self) -> Mapping[str, str]:
        """The model, and the hashes of its prompts."""
        return {
            "model": self._model.name,
            "support_prompt": self._support.sha256,
            "prefer_prompt": self._prefer.sha256,
        }

    def verdict(self, statement: str, evidence: str) -> Verdict | None:
        """How far the evidence supports the statement; None if the reply cannot be read.

        Raises NotReadyError if the model fails several times in a row.
        """
        marker = marker_for([statement, evidence])
        passages = [part for part in evidence.split("\n") if part.strip()]
        blanks = {
            "marker": marker,
            "fence": FENCE,
            "evidence": "\n".join(marked(n, part, marker) for n, part in enumerate(passages, start=1)),
            "statement": marked(0, statement, marker),
        }
        raw = self._reply(self._support, blanks, readable=lambda text: read_support(text) is not None)
        label, found = read_support(raw), _LINE.match(raw)
        return Verdict(label, found["reason"].strip(), raw) if label and found else None

    def prefer(self, question: str, a: str, b: str) -> Preference | None:
        """Which answer is better, asked in both orders; None if a reply cannot be read."""
        there, back = self._order(question, a, b), self._order(question, b, a)
        if there is None or back is None:
            return None
        consistent = there == -back
        return Preference(there if consistent else 0, consistent)

    def _order(self, question: str, first: str, second: str) -> int | None:
        """-1 if the first answer is preferred, 1 for the second, 0 for neither."""
        marker = marker_for([question, first, second])
        texts = {"question": question, "first": first, "second": second}
        blanks = {name: marked(1, text, marker) for name, text in texts.items()}
        given = {"marker": marker, "fence": FENCE, **blanks}
        raw = self._reply(self._prefer, given, readable=lambda text: read_preference(text) is not None)
        return read_preference(raw)

    def _reply(self, prompt: Prompt, blanks: Mapping[str, str], *, readable: Callable[[str], bool]) -> str:
        """The model's reply, from the cache if it was asked before. Empty if it failed this once."""
        system, user = prompt.fill(blanks)
        key = sha256("\n".join((self._model.name, prompt.sha256, system, user)).encode()).hexdigest()
        known = self._cache.get(key)
        if known is not None:
            return known
        try:
            reply = _first_line(self._model.stream(system, user))
        except ModelFault as fault:
            self._faults += 1
            if self._faults >= MOST_FAULTS:
                raise NotReadyError(
                    f"The judge '{self._model.name}' failed {MOST_FAULTS} times in a row: {fault.fault}.",
                    hint="Check that its server runs and the name is right. Verdicts made so far are kept.",
                ) from fault
            return ""
        self._faults = 0
        if readable(reply):
            self._cache.put(key, reply)
        return reply


def _first_line(pieces: Iterable[str]) -> str:
    """The reply up to the end of its first line that says something: more is never read, nor waited for."""
    reply = ""
    for piece in pieces:
        reply = (reply + piece).lstrip()
        if "\n" in reply:
            break
    return reply.partition("\n")[0]


def read_support(reply: str) -> Support | None:
    """The verdict in the first line of a reply, or None."""
    found = _LINE.match(reply)
    word = found["word"].lower() if found else ""
    return Support(word) if word in set(Support) else None


def read_preference(reply: str) -> int | None:
    """-1 for FIRST, 1 for SECOND, 0 for SAME, else None."""
    found = _LINE.match(reply)
    return {"FIRST": -1, "SECOND": 1, "SAME": 0}.get(found["word"].upper()) if found else None
