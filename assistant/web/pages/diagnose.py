"""The Diagnose page: five questions first, then all of them, a profile, advice, and what is kept.

Joins the parts to what they do: answers in `diagnose_answers.py`, what is kept in `diagnose_keeping.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.domain.framework import Framework
from assistant.framework.profile import profile_from_answers
from assistant.web.diagnosing import framework_of, restored
from assistant.web.pages.diagnose_answers import Answers
from assistant.web.pages.diagnose_keeping import Keeping
from assistant.web.pages.diagnose_screen import Parts, diagnose_parts
from assistant.web.pages.planning import PlanInputs
from assistant.web.pages.wiring import PRIVATE, on_load

if TYPE_CHECKING:
    from assistant.web.pages import Desk


def build_diagnose(desk: Desk) -> None:
    """Put the page into the Blocks that are open."""
    framework = framework_of(desk.assistant.catalogue)
    with gr.Column(elem_id="ea-main", elem_classes="ea-diagnose"):
        if framework is None:
            gr.Markdown("This library holds no framework to diagnose by. Read in a collection that has one.")
            return
        parts = diagnose_parts(desk, framework, _plan_reader(framework, desk))
    answers = Answers(desk, framework)
    _wire_answers(parts, answers)
    _wire_keeping(parts, Keeping(desk, framework, answers))


def _wire_answers(parts: Parts, answers: Answers) -> None:
    """All questions share one event: while it runs, the next answers wait, and then come all at once."""
    radios = [*parts.first, *parts.every.values()]
    gr.on(
        [radio.input for radio in radios],
        answers.answered,
        [parts.kept, parts.asked, *radios],
        [*parts.shown(), *radios],
        trigger_mode="always_last",
        **PRIVATE,
    )
    both = [*parts.shown(), *parts.forms()]
    parts.read.click(answers.read, [parts.situation, parts.kept], both, **PRIVATE)
    parts.next_first.click(answers.next_questions, parts.kept, both, **PRIVATE)
    parts.put_right.click(
        answers.put_right, [parts.which, parts.level, parts.kept], [*parts.shown(), parts.level], **PRIVATE
    )


def _wire_keeping(parts: Parts, keeping: Keeping) -> None:
    everything = [*parts.shown(), *parts.forms(), parts.situation, parts.saved, parts.earlier]
    parts.fresh.click(keeping.fresh, None, everything, **PRIVATE)
    parts.repeat.click(keeping.repeating(filled=False), [parts.earlier, parts.kept], everything, **PRIVATE)
    parts.refill.click(keeping.repeating(filled=True), [parts.earlier, parts.kept], everything, **PRIVATE)
    parts.keep.click(
        keeping.save,
        [parts.label, parts.day, parts.kept],
        [parts.saved, parts.label, parts.day, parts.earlier],
        **PRIVATE,
    )
    parts.pair_open.click(keeping.pair_opened, [parts.pair_label, parts.kept], parts.pair, **PRIVATE)
    parts.pair_answer.click(keeping.pair_answered, [parts.code, parts.kept], parts.pair, **PRIVATE)
    parts.pair_look.click(keeping.pair_looked_at, [parts.code, parts.kept], parts.pair, **PRIVATE)
    on_load(keeping.loaded, parts.kept, everything)
    on_load(keeping.pairs_begun, None, parts.pair)


def _plan_reader(framework: Framework, desk: Desk) -> Callable[[Any], PlanInputs | None]:
    def read(kept: Any) -> PlanInputs | None:
        sheet = restored(kept, framework, longest=desk.options.max_question_chars)
        if sheet.empty:
            return None
        answers = profile_from_answers(sheet.answers, framework) if sheet.answers else None
        return PlanInputs(situation=sheet.situation, answers=answers, corrections=sheet.corrections)

    return read
