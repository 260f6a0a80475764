"""A plan as Markdown, and the words that all its forms share. Decides nothing; `word.py` is its Word form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from assistant.domain.framework import Basis
from assistant.domain.plan import MechanismPlan, Plan, PlanLine
from assistant.wire_parts import escaped

FILL_IN = "…"
"""Stands where somebody has to write something."""
STEP_HEADS = ("Step", "Owner", "By when")
MEASURE_HEADS = ("Sign to watch", "Early or later", "Who collects", "First look")
REVIEW_HEADS = ("Review on", "To decide", "What we found")
AT_A_GLANCE, STEPS, MEASURES, REVIEWS = "At a glance", "Steps", "How well: measures", "Review dates"
AGAINST, SOURCES = "What speaks against it, and what to watch", "Sources"
NOTE = (
    "A number points to its source; “our synthesis” is our judgement; the rest is practice advice. "
    f"Fill in each “{FILL_IN}”."
)


def date_words(day: date) -> str:
    """A date as people write it: 1 December 2026."""
    return f"{day.day} {day:%B %Y}"


def line_words(line: PlanLine) -> str:
    """A line with what it rests on behind it: numbers of sources, or that it is ours."""
    if line.sources:
        return f"{line.text} [{', '.join(map(str, line.sources))}]"
    if line.basis is Basis.SYNTHESIS:
        return f"{line.text} (our synthesis)"
    if line.basis is Basis.EVIDENCE:
        return f"{line.text} (source not in this collection)"
    return line.text


def subtitle(page: MechanismPlan, plan: Plan) -> str:
    """One line under the name: what it is for and when it starts."""
    part = f"{page.part[:1].upper()}{page.part[1:]}. " if page.part else ""
    return f"{part}Starts {date_words(plan.start)}. {page.what_it_is}"


def glance(page: MechanismPlan, plan: Plan) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The items of the template with what each says here, in the template's order."""
    return (
        ("Brief name", (page.name,)),
        ("Why", tuple(map(line_words, page.why)) or (f"Write why you chose it: {FILL_IN}",)),
        ("What: materials", (_joined(page.materials),)),
        ("What: procedures", ("The steps below, in this order.",)),
        ("Who provides", (f"Lead: {FILL_IN} Deputy: {FILL_IN}",)),
        ("Who pays in hours", (f"{page.who_pays or page.cost}.",)),
        ("How", (f"{page.place_on_axes} Face to face, online or both: {FILL_IN}",)),
        ("Where", (FILL_IN,)),
        (
            "When and how much",
            (
                f"From {date_words(plan.start)}; first value after {page.first_value}; "
                f"effort {page.effort.lower()}. How often, how long: {FILL_IN}",
            ),
        ),
        ("Tailoring", (*map(line_words, page.find_out), f"Who may be left out: {page.left_out}")),
        ("Modifications", (f"What we changed, when and why: {FILL_IN}",)),
        ("How well: planned", ("The measures and review dates below.",)),
        ("How well: actual", ("What we found, in the last table.",)),
    )


def step_rows(page: MechanismPlan) -> Sequence[tuple[str, ...]]:
    """The steps with room for an owner and a date."""
    return [(f"{n}. {step}", FILL_IN, FILL_IN) for n, step in enumerate(page.steps, 1)]


def measure_rows(page: MechanismPlan) -> Sequence[tuple[str, ...]]:
    """The signs with who could collect them, or room for it."""
    return [
        (m.sign, "Early" if m.early else "Later", m.collector or FILL_IN, date_words(m.first_look))
        for m in page.measures
    ]


def review_rows(page: MechanismPlan) -> Sequence[tuple[str, ...]]:
    """The review dates with room for what was found."""
    return [(date_words(review.on), review.decide, FILL_IN) for review in page.reviews]


def against_lines(page: MechanismPlan) -> Sequence[str]:
    """What speaks against it here, and how it fails."""
    lines = [line_words(line) for line in page.against] or ["Nothing we know of speaks against it here."]
    return [*lines, f"How it fails: {_joined(page.failure_modes)}"]


def source_lines(page: MechanismPlan) -> Sequence[str]:
    """The sources by number, each with the id of the finding."""
    return [f"[{source.number}] {source.study} ({source.finding})" for source in page.sources]


def plan_markdown(plan: Plan) -> str:
    """The plan as Markdown, with a heading of the first level for each page. Ends with a line end."""
    return "\n".join(line for page in plan.pages for line in _page(page, plan))


def _page(page: MechanismPlan, plan: Plan) -> list[str]:
    rows = [(item, "<br>".join(map(_cell, said))) for item, said in glance(page, plan)]
    told = [f"> As you told it: {_cell(plan.situation)}", ""] if plan.situation else []
    return [
        f"# Plan: {escaped(page.name)}",
        "",
        escaped(subtitle(page, plan)),
        "",
        *told,
        f"## {AT_A_GLANCE}",
        "",
        *_table(("Item", "What we plan"), rows),
        f"## {STEPS}",
        "",
        *_table(STEP_HEADS, (tuple(map(_cell, row)) for row in step_rows(page))),
        f"## {MEASURES}",
        "",
        *_table(MEASURE_HEADS, (tuple(map(_cell, row)) for row in measure_rows(page))),
        f"## {REVIEWS}",
        "",
        *_table(REVIEW_HEADS, (tuple(map(_cell, row)) for row in review_rows(page))),
        f"## {AGAINST}",
        "",
        *(f"- {_cell(line)}" for line in against_lines(page)),
        "",
        *_sources(page),
        escaped(NOTE),
        "",
    ]


def _sources(page: MechanismPlan) -> list[str]:
    if not page.sources:
        return []
    return [f"## {SOURCES}", "", *(f"- {_cell(line)}" for line in source_lines(page)), ""]


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [f"| {' | '.join(heads)} |", f"| {' | '.join('---' for _ in heads)} |"]
    return [*lines, *(f"| {' | '.join(row)} |" for row in rows), ""]


def _cell(text: str) -> str:
    """Text on one line, safe inside a table."""
    return escaped(" ".join(text.split()))


def _joined(items: Iterable[str]) -> str:
    return f"{'; '.join(item.rstrip('.') for item in items)}."
