"""What every page has above and below: navigation, heading, foot. Knows no page."""

from __future__ import annotations

from collections.abc import Sequence

import gradio as gr

from assistant.web.render import checked_html, text_html

_FOOT = (
    '<div class="ea-foot"><p>Answers are put together from published studies. They are not legal, clinical '
    "or personal advice. Please do not enter the names of patients or colleagues.</p></div>"
)


def page_head(title: str, line: str, *, places: Sequence[tuple[str, str]], here: str) -> None:
    """The heading of a page, with links to all pages (name, address) if there is more than one."""
    gr.Markdown(checked_html(head_html(title, line, places=places, here=here)), elem_id="ea-header")


def page_foot() -> None:
    """What stands below every page."""
    gr.Markdown(checked_html(_FOOT), elem_id="ea-footer")


def head_html(title: str, line: str, *, places: Sequence[tuple[str, str]], here: str) -> str:
    """Heading and navigation; the page that is open is marked as such, and its name is the heading."""
    heading = title if here == places[0][0] else here
    links = "".join(_link(name, address, current=name == here) for name, address in places)
    nav = f'<nav class="ea-nav" aria-label="Pages"><ul>{links}</ul></nav>' if len(places) > 1 else ""
    return f'{nav}<div class="ea-head"><h1>{text_html(heading)}</h1><p>{text_html(line)}</p></div>'


def _link(name: str, address: str, *, current: bool) -> str:
    mark = ' class="ea-here"' if current else ""  # Gradio drops aria-current; ui.js sets it
    return f'<li><a href="{text_html(address)}"{mark}>{text_html(name)}</a></li>'
