"""What raters see, as HTML: the answer to rate, how far they are, where they differ, how far they agree.

Everything that others wrote is escaped first; what is built around it is checked against an allow-list last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assistant import wire
from assistant.domain.answers import StatementKind
from assistant.domain.feedback import Rating
from assistant.evaluation.agreement import Agreement
from assistant.evaluation.review import SCALES, Item
from assistant.evaluation.review_agreement import AgreementRow
from assistant.evaluation.review_queue import Difference, Task
from assistant.evaluation.reviewed import Reviewed
from assistant.evaluation.statistics import Interval
from assistant.web.render import checked_html, plural, text_html

SCALE_LABELS: Mapping[str, str] = {
    "correct": "Is it correct?",
    "grounded": "Can it be traced to the words cited?",
    "useful": "Is it useful?",
    "fitting": "Does the advice fit?",
}
SCALE_NAMES: Mapping[str, str] = {
    "correct": "correct",
    "grounded": "traced to the words cited",
    "useful": "useful",
    "fitting": "advice fits",
}
SUPPORT_LABELS: Mapping[str, str] = {"fully": "1: fully", "partly": "2: partly", "not": "3: not supported"}
CHOICE_LABELS: Mapping[str, str] = {
    "a": "1: answer A is better",
    "b": "2: answer B is better",
    "no difference": "3: no difference",
    "both unacceptable": "4: both are unacceptable",
}
_MEASURES: Mapping[str, str] = {
    "correct": "Correct",
    "grounded": "Traced to the words cited",
    "useful": "Useful",
    "fitting": "Advice fits",
    "sentences": "Support of each sentence",
    "choice": "Which answer is better",
}
_KINDS: Mapping[str, str] = {kind.value: label for kind, label in wire.KIND_LABELS.items()}
_NOT_CITED: Mapping[str, str] = {
    StatementKind.ADVICE.value: "Practice advice. It cites no study, so there is nothing to check here.",
    "refusal": "The assistant did not answer. Judge below whether that was right.",
}
_STEPS = 20


def intro_html(*, queues: int) -> str:
    """What the page is for; how to get a queue, if there is none."""
    told = (
        "<p>You see answers in a drawn order, and not which system made them. Rate alone. "
        "Talk about differences after both of you have finished.</p>"
    )
    if not queues:
        told += (
            '<p class="ea-review-none"><strong>There is nothing to rate yet.</strong> An evaluator makes a '
            "queue with <code>assistant evaluate --review may-run</code>. Answers that readers of the chat "
            "comment on come here too.</p>"
        )
    return checked_html(f'<div class="ea-review-intro">{told}</div>')


def progress_html(task: Task, *, settling: bool = False) -> str:
    """How far this rater is, in words and as a bar."""
    filled = round(_STEPS * task.done / task.total) if task.total else 0
    bar = "".join(f'<span class="{"ea-full" if n < filled else "ea-open"}"></span>' for n in range(_STEPS))
    if settling:
        words = f"{plural(task.total - task.done, 'difference')} left to settle."
    elif task.item is None:
        words = f"All answers are rated: {task.total} of {task.total}. Thank you."
    else:
        words = f"Answer {task.place} of {task.total}. {task.done} rated."
        if task.minutes_left is not None:
            words += f" About {plural(max(1, round(task.minutes_left)), 'minute')} left at your pace."
    return checked_html(f'<p class="ea-place" id="ea-place">{words}</p><div class="ea-bar">{bar}</div>')


def asked_html(item: Item) -> str:
    """The question, with what was said before it; the place the focus goes to for each new answer."""
    before = "".join(f'<p class="ea-before">{text_html(_spoken(turn))}</p>' for turn in item.turns)
    return checked_html(
        '<div class="ea-review-question" id="ea-review-question" tabindex="-1">'
        f"{before}<h2>{text_html(item.question)}</h2></div>"
    )


def _spoken(turn: str) -> str:
    """A turn of the sheet (`user: words`) in the words of the page."""
    who, _, words = turn.partition(": ")
    speaker = {"user": "Asked before", "assistant": "The assistant said"}.get(who, who.capitalize())
    return f"{speaker}: {words}"


def sentence_html(number: int, sentence: Mapping[str, Any]) -> str:
    """One sentence beside the words it cites."""
    kind = str(sentence["kind"])
    label = _KINDS.get(kind, "")
    tag = f'<span class="ea-kind ea-{text_html(kind)}-tag">{text_html(label)}</span>' if label else ""
    quotes = "".join(f"<blockquote>{text_html(str(quote))}</blockquote>" for quote in sentence["cites"])
    if quotes:
        cited = f'<div class="ea-cited"><p class="ea-cited-label">The words it cites</p>{quotes}</div>'
    else:
        told = _NOT_CITED.get(kind, "It cites nothing.")
        cited = f'<div class="ea-cited ea-cites-nothing"><p>{told}</p></div>'
    said = (
        f'<div class="ea-said"><h3>Sentence {number}</h3>{tag}<p>{text_html(str(sentence["text"]))}</p></div>'
    )
    return checked_html(f'<div class="ea-beside">{said}{cited}</div>')


def gaps_html(answer: Mapping[str, Any]) -> str:
    """What the answer says is missing; empty for none."""
    if not answer["gaps"]:
        return ""
    items = "".join(f"<li>{text_html(str(gap))}</li>" for gap in answer["gaps"])
    return checked_html(f'<div class="ea-review-gaps"><h3>It says what is missing</h3><ul>{items}</ul></div>')


def advice_html(answer: Mapping[str, Any]) -> str:
    """The ways of sharing that the answer advises, in short; empty for none."""
    if not answer["advice"]:
        return ""
    cards = "".join(f"<li>{_card(card)}</li>" for card in answer["advice"])
    return checked_html(f'<div class="ea-review-gaps"><h3>It advises</h3><ol>{cards}</ol></div>')


def _card(card: Mapping[str, Any]) -> str:
    parts = [f"<strong>{text_html(card['name'])}.</strong> {text_html(card['what_it_is'])}"]
    for label, key in (("For it here", "for"), ("Against it here", "against"), ("First", "first_steps")):
        if card[key]:
            parts.append(f"{label}: {text_html('; '.join(card[key]))}.")
    return f"<p>{'<br>'.join(parts)}</p>"


def side_html(letter: str, answer: Mapping[str, Any]) -> str:
    """A whole answer, to compare with another."""
    said = "".join(
        f"<li><p>{text_html(str(sentence['text']))}</p>"
        + "".join(f"<blockquote>{text_html(str(quote))}</blockquote>" for quote in sentence["cites"])
        + "</li>"
        for sentence in answer["sentences"]
    )
    missing = "".join(f"<li>{text_html(str(gap))}</li>" for gap in answer["gaps"])
    gaps = f'<p class="ea-cited-label">It says what is missing</p><ul>{missing}</ul>' if missing else ""
    advised = "".join(f"<li>{_card(card)}</li>" for card in answer["advice"])
    advice = f'<p class="ea-cited-label">It advises</p><ol>{advised}</ol>' if advised else ""
    return checked_html(
        f'<div class="ea-side-answer"><h3>Answer {letter}</h3><ol>{said}</ol>{advice}{gaps}</div>'
    )


def others_html(difference: Difference) -> str:
    """What the raters of an item said, without their names, and where they are apart."""
    reasons = "".join(f"<li>{text_html(reason)}</li>" for reason in difference.reasons)
    heads = "".join(f'<th scope="col">Rater {n}</th>' for n in range(1, len(difference.ratings) + 1))
    rows = "".join(_marks_row(name, cells) for name, cells in _marks(difference.ratings))
    return checked_html(
        f'<div class="ea-others"><h3>Where the raters differ</h3><ul>{reasons}</ul>'
        f'<div class="ea-scroll" role="region" aria-label="Marks of each rater" tabindex="0"><table>'
        f'<thead><tr><th scope="col">Mark</th>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
        "<p>Agree on marks, or let a third person decide. The first marks stay as they are for the figures "
        "on agreement.</p></div>"
    )


def _marks(ratings: Sequence[Rating]) -> list[tuple[str, list[str]]]:
    sentences = sorted({number for rating in ratings for number in rating.sentences})
    rows = [(_MEASURES[s], [str(r.scales.get(s, "")) for r in ratings]) for s in SCALES]
    rows += [(f"Sentence {n}", [r.sentences.get(n, "") for r in ratings]) for n in sentences]
    rows += [("Better answer", [r.choice or "" for r in ratings])]
    rows += [("Comment", [r.comment for r in ratings])]
    return [(name, cells) for name, cells in rows if any(cells)]


def _marks_row(name: str, cells: Sequence[str]) -> str:
    told = "".join(f"<td>{text_html(cell) or 'no mark'}</td>" for cell in cells)
    return f'<tr><th scope="row">{name}</th>{told}</tr>'


def agreement_html(rows: Sequence[AgreementRow], found: Reviewed, *, settled: int, open_now: int) -> str:
    """The table of agreement, with what the figures mean, and what came out."""
    body = "".join(_agreement_row(row) for row in rows)
    return checked_html(
        f'<div class="ea-agreement"><h2>How far raters agree</h2>'
        f"<p>{plural(found.raters, 'rater')}, {plural(found.items, 'answer')}. "
        f"{plural(open_now, 'difference')} to settle, {settled} settled.</p>"
        '<div class="ea-scroll" role="region" aria-label="Table of agreement" tabindex="0"><table>'
        '<thead><tr><th scope="col">What was rated</th><th scope="col">Rated by two or more</th>'
        '<th scope="col">Same mark</th><th scope="col">Kappa (two raters)</th>'
        '<th scope="col">Alpha</th><th scope="col">What it means</th></tr></thead>'
        f"<tbody>{body}</tbody></table></div>{_outcome(found)}"
        "<details><summary>How to read this</summary><p>Same mark: the share of pairs of marks that are "
        "equal. Kappa: Cohen's, with quadratic weights where marks are steps. Alpha: Krippendorff's, ordinal "
        "for steps. Both take chance into account: 1 is full agreement, 0 is what chance would give. In "
        "brackets stands the 95 % interval. From 0.80 ratings are reliable, from 0.667 tentative; below "
        "that, mend the rubric first. When nearly all marks are the same, kappa and alpha are low though "
        "raters agree, so look at the share of same marks too.</p></details></div>"
    )


def _agreement_row(row: AgreementRow) -> str:
    raw = "" if row.raw is None else f"{row.raw:.0%}".replace("%", " %")
    cells = (str(row.things), raw or "none", _number(row.kappa), _number(row.alpha), row.reading)
    told = "".join(f"<td>{text_html(cell)}</td>" for cell in cells)
    return f'<tr><th scope="row">{_MEASURES[row.what]}</th>{told}</tr>'


def _number(found: Agreement | None) -> str:
    if found is None or found.value is None:
        return "not applicable"
    bounds = f" [{found.low:.2f}, {found.high:.2f}]" if found.low is not None else ""
    return f"{found.value:.2f}{bounds}"


def _outcome(found: Reviewed) -> str:
    told = [(f"{_MEASURES[scale]}, mean of 1 to 5", mean, 2) for scale, mean in found.means.items()]
    if found.supported.value is not None:
        told.append(("Sentences fully supported, share", found.supported, 2))
    told += [(f"{system} preferred, share", share, 2) for system, share in found.win_rate.items()]
    items = "".join(f"<div><dt>{text_html(n)}</dt><dd>{_interval(i)}</dd></div>" for n, i, _ in told)
    return f'<h3>What came out</h3><dl class="ea-facts">{items}</dl>' if items else ""


def _interval(found: Interval) -> str:
    if found.value is None:
        return "none"
    bounds = f" [{found.low:.2f}, {found.high:.2f}]" if found.low is not None else ""
    return f"{found.value:.2f}{bounds}"


def told_html(sentence: str, hint: str = "", *, good: bool = False) -> str:
    """A sentence of ours above the form: what was kept, what is missing, what went wrong. Empty for none."""
    if not sentence:
        return ""
    more = f" {text_html(hint)}" if hint else ""
    return checked_html(f'<p class="{"ea-good" if good else "ea-mind"}">{text_html(sentence)}{more}</p>')


def keys_html(*, pair: bool) -> str:
    """The keys that work on this form."""
    digits = "choose between the answers" if pair else "give the next mark, sentences first, then the scales"
    rows = (
        ("1 to 5", digits),
        ("Enter", "save and go on"),
        ("U", "undo: the last rating, to mend it"),
        ("L", "leave this answer for later"),
    )
    told = "".join(f"<div><dt>{key}</dt><dd>{does}</dd></div>" for key, does in rows)
    return checked_html(f'<dl class="ea-keys">{told}</dl>')
