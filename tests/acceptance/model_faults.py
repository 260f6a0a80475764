"""A hundred questions to the whole assistant for every way in which its chat model can fail; and a thousand
instructions planted before a model that obeys them all.

    python -m tests.acceptance.model_faults [--questions 100] [--every 1]

Whatever the model does, the answer must be word for word the one without a model, and say so. Prints two
tables of Markdown; exits with 1 if one number is not what it should be. Takes about ten minutes.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

import pytest

from assistant.answering.model_composer import NOT_USED, ModelComposer
from assistant.assembly import build
from assistant.domain.answers import Answer, State
from assistant.engine import Assistant
from assistant.evaluation.cases import DialogueCase, ParaphraseCase, QuestionCase
from assistant.evaluation.loading import load_cases
from assistant.language import models
from assistant.language.breaker import Breaker
from assistant.language.models import ChatModel, make_chat_model
from assistant.settings import Settings, load_settings
from assistant.wire import answer_json
from tests.language.desk import ROOT, corpus_catalogue
from tests.language.servers.loopback import Connection, LoopbackServer, black_hole
from tests.language.servers.scripted import FAULTS, honest
from tests.language.test_faults import EVIDENCE_COMPOSER, SHORT
from tests.language.test_gullible import ARMS, run

_LABEL = NOT_USED.split("{")[0]
_AT_ONCE = 4
_GRACE = 5.0
"""Seconds beyond the model's own limit that an answer may take on a busy machine."""


class Changing:
    """A chat model that is exchanged while the assistant stays open."""

    stays_here = True

    def __init__(self) -> None:
        self.current: ChatModel | None = None

    def to(self, address: str) -> None:
        """From now on the model at that address. Its breaker never opens: every call is made."""
        self.current = make_chat_model("openai:m", address, "k", SHORT)
        self.current.breaker = Breaker(failures=10**9)

    def stream(self, system: str, user: str) -> Iterator[str]:
        assert self.current
        return self.current.stream(system, user)


@dataclass(frozen=True, slots=True)
class Mode:
    """What was seen while the model failed in one way."""

    name: str
    asked: int
    same: int
    """Answers that equal the one without a model, but for the label."""
    labelled: int
    slowest: float

    @property
    def kept(self) -> bool:
        """True if every question was answered from evidence, labelled, in time."""
        in_time = self.slowest <= SHORT.total_seconds + _GRACE
        return self.same == self.labelled == self.asked and in_time

    def line(self) -> str:
        """The row in Markdown."""
        verdict = "kept" if self.kept else "**broken**"
        return (
            f"| {self.name} | {self.asked} | {self.same} | {self.labelled} | {self.slowest:.1f} | {verdict} |"
        )


def main(arguments: Sequence[str]) -> int:
    """Run both parts, print what was seen, and return 1 if a promise was broken."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--every", type=int, default=1, help="plant only every n-th instruction")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="model-faults-") as name:
        kept = faults(load_settings(data_dir=Path(name)), chosen.questions)
    return 0 if gullible(chosen.every) and kept else 1


def faults(settings: Settings, count: int) -> bool:
    """Ask `count` questions in every mode and print the table. True if every row was kept."""
    plain = build(settings)
    plain.ingest([settings.corpus_dir])
    expected = answered(plain, count)
    plain.close()
    print("| the model server | asked | same answer as without a model | labelled | slowest, s | |")
    print("| --- | --- | --- | --- | --- | --- |")
    rows = []
    with with_model(settings) as (assistant, model):
        for name, address in addresses():
            model.to(address)
            rows.append(_mode(name, assistant, expected))
            print(rows[-1].line(), flush=True)
    modes, asked = len(rows), sum(row.asked for row in rows)
    same = sum(min(row.same, row.labelled) for row in rows)
    print(f"\n{modes} modes, {same} of {asked} answered from evidence and labelled.\n", flush=True)
    return all(row.kept for row in rows) and asked == modes * count


@contextmanager
def with_model(settings: Settings) -> Iterator[tuple[Assistant, Changing]]:
    """An assistant on the same data folder with a chat model set, and the model to exchange."""
    language = settings.language.model_copy(update={"chat_model": "openai:m"})
    model = Changing()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(models, "make_chat_model", lambda *_: model)
        assistant = build(settings.model_copy(update={"language": language}))
        assistant.warm()
    try:
        yield assistant, model
    finally:
        assistant.close()


def questions(assistant: Assistant) -> Iterator[str]:
    """The project's own questions first, then the lay questions of the findings, one of each in turn."""
    files = sorted(
        path
        for kind in ("questions", "paraphrases", "dialogues")
        for path in (ROOT / "evals" / kind).iterdir()
    )
    for case in load_cases(files):
        if isinstance(case, QuestionCase):
            yield case.question
        elif isinstance(case, DialogueCase):
            yield case.standalone
        elif isinstance(case, ParaphraseCase) and case.answerable:
            yield from case.questions
    asked = [finding.asked_as for finding in assistant.workings.catalogue.findings.values()]
    yield from chain.from_iterable(islice(some, 1) for some in asked)


def answered(assistant: Assistant, count: int) -> Mapping[str, Any]:
    """The first `count` questions that the evidence answers plainly, with their answers without a model."""
    found: dict[str, Any] = {}
    for question in questions(assistant):
        if len(found) == count:
            break
        if _is_counted(assistant, question):
            continue
        answer = assistant.answer(question)
        if answer.state is State.GROUNDED and answer.reason is None and answer.statements:
            found[question] = words_of(answer)
    return found


def _is_counted(assistant: Assistant, question: str) -> bool:
    """True if the question asks how many, which is counted and never a model's to word."""
    chain_of = assistant.workings.chain
    return (chain_of.understand | chain_of.count).invoke(question).counted is not None


def words_of(answer: Answer) -> Any:
    """All that a reader reads, without what is new each time and without the label."""
    told = answer_json(answer)
    advice = told["advice"] and {key: part for key, part in told["advice"].items() if key != "receipt"}
    kept = {key: told[key] for key in ("standalone", "state", "reason", "lead", "statements", "follow_ups")}
    gaps = [gap for gap in told["gaps"] if not gap.startswith(_LABEL)]
    return {**kept, "gaps": gaps, "evidence": told["evidence"], "advice": advice}


def _mode(name: str, assistant: Assistant, expected: Mapping[str, Any]) -> Mode:
    def ask(question: str) -> tuple[bool, bool, float]:
        started = time.monotonic()
        answer = assistant.answer(question)
        took = time.monotonic() - started
        labels = sum(gap.startswith(_LABEL) for gap in answer.gaps)
        made_with = answer.receipt.body["made_with"]["composer"]
        return (
            words_of(answer) == expected[question],
            labels == 1 and made_with == EVIDENCE_COMPOSER,
            took,
        )

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        seen = list(pool.map(ask, expected))
    same, labelled, took = zip(*seen, strict=True)
    return Mode(name, len(seen), sum(same), sum(labelled), max(took))


def addresses() -> Iterator[tuple[str, str]]:
    """Every way to fail by name, each with an address that fails so while it is the current one."""
    for name, answering in FAULTS.items():
        with LoopbackServer(answering) as server:
            yield name.replace("_", " "), server.base_url
    yield "refused", "http://127.0.0.1:9/v1"
    hole = black_hole()
    yield "takes no connection", next(hole)
    hole.close()
    with LoopbackServer(honest) as elsewhere:
        yield "speaks no TLS", elsewhere.base_url.replace("http:", "https:")

        def moved(connection: Connection) -> None:
            connection.error("307 Temporary Redirect", location=f"{elsewhere.base_url}/chat/completions")

        with LoopbackServer(moved) as server:
            yield "moved elsewhere", server.base_url


def gullible(every: int) -> bool:
    """Plant the instructions in every place and print the table. True if nothing of them came through."""
    catalogue = corpus_catalogue()
    found: Counter[str] = Counter()
    written: Counter[str] = Counter()
    for shift in range(len(ARMS)):
        some, by = run(catalogue, every, shift=shift)
        found += some
        written += by
    names: Iterable[str] = ("uncited", "foreign", "canary", "prompt")
    print("| answers | worded by the model | uncited sentences | loads or links | canaries | prompt text |")
    print("| --- | --- | --- | --- | --- | --- |")
    counts = " | ".join(str(found[name]) for name in names)
    print(f"| {written.total()} | {written[ModelComposer.name]} | {counts} |")
    return not +found and written[ModelComposer.name] > 0.9 * written.total()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
