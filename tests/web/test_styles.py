from __future__ import annotations

import re
from collections import defaultdict
from importlib.resources import files

SHARED = ("00_page.css", "10_navigation.css", "15_advice.css")
"""Styles of what several pages show. Every other file is for one page."""


def leading_classes(style: str) -> set[str]:
    """The classes that selectors begin with: those reach into every page."""
    bare = re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)
    selectors = [one.strip() for block in re.findall(r"([^{}]+)\{", bare) for one in block.split(",")]
    return {found[1] for one in selectors if (found := re.match(r"(\.ea-[a-z-]+)(?![^\s]*\))", one))}


def test_the_reader_of_styles_knows_what_reaches_into_every_page() -> None:
    assert leading_classes(".ea-a p, .ea-b .ea-c { x: y; } #k .ea-d { x: y; }") == {".ea-a", ".ea-b"}


def test_no_style_of_one_page_reaches_into_another() -> None:
    folder = files("assistant.web").joinpath("static", "css")
    owners: dict[str, set[str]] = defaultdict(set)
    for part in folder.iterdir():
        if part.name.endswith(".css"):
            for name in leading_classes(part.read_text("utf-8")):
                owners[name].add(part.name)
    both = {name: found for name, found in owners.items() if len(found) > 1 and found - set(SHARED)}
    assert both == {}
