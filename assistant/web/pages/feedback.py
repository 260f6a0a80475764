"""What a reader thinks of the latest answer: helpful or not, why, of all of it or of one sentence.

Builds its controls below the answer and wires them. What is kept is told before anything is sent.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.domain.feedback import DISLIKED, LIKED, Feedback
from assistant.errors import AssistantError, InputError
from assistant.evaluation.review import rater_hash
from assistant.security.sanitising import plain_text, visible
from assistant.web.pages.talk import Talk
from assistant.web.pages.wiring import PRIVATE, principal
from assistant.web.problems import TRY_AGAIN, log
from assistant.web.render import checked_html, text_html

if TYPE_CHECKING:
    from assistant.web.pages import Desk

LONGEST_COMMENT = 1_000
WHOLE = 0
"""Stands for the whole answer where a sentence has its number."""
_UNEXPECTED = "Something went wrong on our side. Your view was not kept."
_KEPT = (
    '<p class="ea-kept">If you send this, it is kept on this service: your view, the question, and the '
    "answer with its sources and its receipt. Your name is not kept, only a code made from it. People who "
    "check how good answers are read it. Please do not name patients or colleagues.</p>"
)


@dataclass(frozen=True, slots=True)
class Parts:
    """The controls."""

    box: gr.Column
    asked: gr.Row
    liked: gr.Button
    disliked: gr.Button
    more: gr.Column
    helpful: gr.State
    about: gr.Dropdown
    reason: gr.Radio
    comment: gr.Textbox
    send: gr.Button
    cancel: gr.Button
    thanks: gr.Row
    told: gr.Markdown
    undo: gr.Button
    latest: gr.State

    def outputs(self) -> list[Any]:
        """What a step changes, in the order of `_shown`."""
        return [
            self.box, self.asked, self.more, self.helpful, self.about, self.reason, self.comment,
            self.thanks, self.told, self.undo, self.latest,
        ]  # fmt: skip


def build_feedback(desk: Desk, talk: gr.State, answered: gr.Textbox) -> None:
    """Put the controls here, if they are not switched off; they show once `answered` holds a receipt."""
    if not desk.options.feedback:
        return
    parts = _controls()
    assistant = desk.assistant

    def appear(now: Talk) -> list[Any]:
        return _asking(now)

    def begin(now: Talk, helpful: bool) -> list[Any]:
        return _telling(now, helpful=helpful)

    def send(
        now: Talk, helpful: bool, about: int | None, reason: str | None, comment: str, request: gr.Request
    ) -> list[Any]:
        try:
            said = make_feedback(
                now,
                by=_code(assistant.opinions.salt, request),
                helpful=helpful,
                sentence=about or None,
                reason=reason or "",
                comment=comment or "",
            )
            assistant.opinions.put_feedback(said)
        except AssistantError as error:
            return _failed(f"{error.sentence} {error.hint}".strip())
        except Exception as error:  # a web handler: the reader gets a sentence, the log gets the class
            log.error("unexpected %s on sending feedback", type(error).__name__, exc_info=error)
            return _failed(f"{_UNEXPECTED} {TRY_AGAIN}")
        return _thanked("Thank you. It is kept, with the answer it is about.", latest=said.id)

    def take_back(latest: str, request: gr.Request) -> list[Any]:
        gone = bool(latest) and assistant.opinions.remove_feedback(
            latest, by=_code(assistant.opinions.salt, request)
        )
        return _thanked(
            "It is taken back. Nothing of it is kept." if gone else "There is nothing to take back."
        )

    outputs = parts.outputs()
    answered.change(appear, talk, outputs, **PRIVATE)
    parts.liked.click(lambda now: begin(now, True), talk, outputs, **PRIVATE)
    parts.disliked.click(lambda now: begin(now, False), talk, outputs, **PRIVATE)
    parts.cancel.click(appear, talk, outputs, **PRIVATE)
    given = [talk, parts.helpful, parts.about, parts.reason, parts.comment]
    parts.send.click(send, given, outputs, **PRIVATE)
    parts.undo.click(take_back, parts.latest, outputs, **PRIVATE)


def _controls() -> Parts:
    with gr.Column(elem_id="ea-feedback", visible=False) as box:
        with gr.Row(elem_id="ea-feedback-ask") as asked:
            gr.Markdown(checked_html("<p>Did this answer help?</p>"), latex_delimiters=[])
            liked = gr.Button("Helpful", size="sm", elem_id="ea-liked", min_width=90)
            disliked = gr.Button("Not helpful", size="sm", elem_id="ea-disliked", min_width=90)
        with gr.Column(elem_id="ea-feedback-more", visible=False) as more:
            about = gr.Dropdown([], label="What is it about?", elem_id="ea-feedback-about", interactive=True)
            reason = gr.Radio([], label="Why?", elem_id="ea-feedback-reason", interactive=True)
            comment = gr.Textbox(
                label="In your words, if you like", lines=2, max_length=LONGEST_COMMENT,
                elem_id="ea-feedback-comment",
            )  # fmt: skip
            gr.Markdown(checked_html(_KEPT), latex_delimiters=[])
            with gr.Row(elem_classes="ea-row-buttons"):
                send = gr.Button("Send", variant="primary", elem_id="ea-feedback-send", min_width=110)
                cancel = gr.Button("Do not send", elem_id="ea-feedback-cancel", min_width=110)
        with gr.Row(elem_id="ea-feedback-thanks", visible=False) as thanks:
            told = gr.Markdown("", latex_delimiters=[])
            undo = gr.Button("Take it back", size="sm", elem_id="ea-feedback-undo", min_width=110)
    return Parts(
        box, asked, liked, disliked, more, gr.State(True), about, reason, comment, send, cancel, thanks, told,
        undo, gr.State(""),
    )  # fmt: skip


def make_feedback(
    talk: Talk, *, by: str, helpful: bool, sentence: int | None, reason: str, comment: str
) -> Feedback:
    """What is kept of a reader's view of the latest answer. A second view of the same thing takes its place.

    Raises InputError if there is no whole answer, for a reason or a sentence that is none, or for garbage.
    """
    turn = _receipt(talk)
    if turn is None:
        raise InputError("There is no whole answer to speak of.", hint="Ask a question first.")
    if reason and reason not in (LIKED if helpful else DISLIKED):
        raise InputError("This reason is not on the list.")
    if sentence is not None and not 1 <= sentence <= len(turn["statements"]):
        raise InputError("There is no such sentence in the latest answer.", hint="Choose one from the list.")
    text = plain_text(comment.strip(), what="The comment")[:LONGEST_COMMENT]
    place = f"{by} {turn['seal']} {sentence or WHOLE}"
    return Feedback(
        id=sha256(place.encode()).hexdigest()[:16],
        made_at=datetime.now(UTC),
        by=by,
        helpful=helpful,
        reason=reason,
        sentence=sentence,
        comment=text,
        turn=turn,
    )


def _code(salt: str, request: gr.Request) -> str:
    return rater_hash(f"principal {principal(request)}", salt=salt)


def _receipt(talk: Talk) -> Mapping[str, Any] | None:
    """The receipt of the latest answer, as the server made it; None if it was stopped or is cards alone."""
    latest = talk.exchanges[-1] if talk.exchanges and talk.unfinished is None else None
    if latest is None or not latest.receipt:
        return None
    found: Mapping[str, Any] = json.loads(latest.receipt)
    return found if "statements" in found else None


def _choices(turn: Mapping[str, Any]) -> Sequence[tuple[str, int]]:
    """(words, number) of what a view can be about."""
    said = [str(visible(statement["text"])) for statement in turn["statements"]]
    short = [text if len(text) <= 70 else f"{text[:67].rsplit(' ', 1)[0]} ..." for text in said]
    return [("The whole answer", WHOLE), *((f"Sentence {n}: {text}", n) for n, text in enumerate(short, 1))]


def _asking(talk: Talk) -> list[Any]:
    ready = _receipt(talk) is not None
    return _shown(box=ready, asked=True)


def _telling(talk: Talk, *, helpful: bool) -> list[Any]:
    turn = _receipt(talk)
    if turn is None:
        return _shown(box=False)
    reasons = [(words, code) for code, words in (LIKED if helpful else DISLIKED).items()]
    return _shown(
        more=True,
        helpful=helpful,
        about=gr.update(choices=_choices(turn), value=WHOLE),
        reason=gr.update(choices=reasons, value=None),
        comment="",
    )


def _thanked(words: str, *, latest: str = "") -> list[Any]:
    return _shown(thanks=True, told=_told(words), undo=bool(latest), latest=latest)


def _failed(words: str) -> list[Any]:
    return _shown(more=True, thanks=True, told=_told(words))


def _told(words: str) -> str:
    return checked_html(f"<p>{text_html(words)}</p>")


def _shown(
    *,
    box: bool = True,
    asked: bool = False,
    more: bool = False,
    helpful: bool | None = None,
    about: Any = None,
    reason: Any = None,
    comment: str | None = None,
    thanks: bool = False,
    told: str = "",
    undo: bool = False,
    latest: str = "",
) -> list[Any]:
    """What Gradio changes, in the order of `Parts.outputs`; None leaves a value as it is."""
    return [
        gr.update(visible=box),
        gr.update(visible=asked),
        gr.update(visible=more),
        gr.skip() if helpful is None else helpful,
        gr.skip() if about is None else about,
        gr.skip() if reason is None else reason,
        gr.skip() if comment is None else comment,
        gr.update(visible=thanks),
        told,
        gr.update(visible=undo),
        latest,
    ]
