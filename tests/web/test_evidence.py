"""The Evidence page's states, its HTTP interface, and the counting of what was not answered."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.browsing import EvidenceDesk
from assistant.domain.atlas import EvidenceFilter, Side
from assistant.domain.framework import Catalogue
from assistant.security.limits import RateLimit
from assistant.security.sanitising import visible
from assistant.web.admission import Admission
from assistant.web.options import WebOptions
from assistant.web.pages import PAGES, Desk
from assistant.web.pages.answering import Answering
from assistant.web.pages.evidence_screen import CHOSEN, Showing
from assistant.web.pages.evidence_state import Viewed, viewed
from assistant.web.pages.talk import Talk
from assistant.web.render_evidence import view_html
from assistant.web.render_gap_map import map_html
from tests.framework.conftest import load_catalogue
from tests.test_browsing import Store, desk_on
from tests.web.doors import awaited, client
from tests.web.fakes import FakeAssistant

REFUSED = "near_miss: do webinars depend on proximity?"


class Held(FakeAssistant):
    """The made-up assistant with the evidence of the corpus and a store that can break."""

    def __init__(self, *, broken: bool = False) -> None:
        super().__init__()
        self.store = Store(broken=broken)
        self.evidence: EvidenceDesk = desk_on(load_catalogue(), self.store, ("acharya-2022-f01",))


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def desk_of(assistant: Any, **options: Any) -> Desk:
    admission = Admission(slots=2, waiting=2, wait_seconds=5)
    return Desk(assistant, WebOptions(**options), admission, RateLimit(0, name="ask"))


def asked_on_page(desk: Desk, question: str) -> str:
    """The last status of the Ask page."""

    async def all_of() -> list[Any]:
        return [shown async for shown in Answering(desk).answer(question, Talk(), "somebody")]

    return str(awaited(all_of())[-1].status)


def test_a_refusal_counts_from_the_page_the_interface_and_the_stream() -> None:
    assistant = Held()
    assert "No source fits" in asked_on_page(desk_of(assistant), REFUSED)
    door = client(assistant)
    assert door.post("/api/ask", json={"question": REFUSED}).json()["state"] == "refused"
    stream = door.post("/api/ask", json={"question": REFUSED}, headers={"Accept": "text/event-stream"})
    assert "finished" in stream.text
    assert assistant.store.counts == Counter({("webinar", "proximity"): 3})


def test_nothing_counts_once_the_setting_is_off() -> None:
    assistant = Held()
    asked_on_page(desk_of(assistant, count_unanswered=False), REFUSED)
    client(assistant, count_unanswered=False).post("/api/ask", json={"question": REFUSED})
    assert not assistant.store.counts


def test_asking_the_engine_itself_counts_nothing() -> None:
    assistant = Held()
    assistant.answer(REFUSED)
    assert not assistant.store.counts


@pytest.mark.parametrize("make", [lambda: Held(broken=True), FakeAssistant])
def test_an_answer_goes_out_even_if_nothing_can_be_counted(make: Any) -> None:
    door = client(make())
    assert door.post("/api/ask", json={"question": REFUSED}).status_code == 200
    stream = door.post("/api/ask", json={"question": REFUSED}, headers={"Accept": "text/event-stream"})
    assert "event: finished" in stream.text
    assert "event: error" not in stream.text


def test_evidence_stands_between_asking_and_monitoring_in_the_navigation() -> None:
    order = [page.name for page in PAGES]
    wanted = [
        name for name in ("Ask", "Diagnose", "Mechanisms", "Evidence", "Monitor", "Review") if name in order
    ]
    assert [name for name in order if name in wanted] == wanted
    assert "Evidence" in order


short = st.text(max_size=40)


@given(
    st.builds(EvidenceFilter, **dict.fromkeys(("mechanism", "place", "words", "since"), short)),
    st.sampled_from(Side),
)
def test_an_address_brings_back_what_was_shown(chosen: EvidenceFilter, side: Side) -> None:
    once = viewed(Viewed(chosen, 3, side).query)
    assert viewed(once.query) == once
    assert (once.page, once.side) == (3, side)
    assert once.filter.words == " ".join(visible(chosen.words).split())


@pytest.mark.parametrize(
    "query", ["page=-1&map=x", "page=99999999999", "&&&=", "%ff=%00", "?" * 5000, "mechanism=" * 30]
)
def test_an_address_that_means_nothing_opens_the_page_as_it_is(query: str) -> None:
    assert viewed(query).page == 1
    assert viewed(query).side is Side.LEVEL


def test_each_step_shows_what_it_should(catalogue: Catalogue) -> None:
    showing = Showing(desk_of(Held()))
    opened = showing.opened({"mechanism": "peer-review", "map": "factor"})
    assert opened.map is not None
    assert opened.results is not None
    assert opened.viewed.side is Side.FACTOR
    assert opened.choices is not None
    assert set(opened.choices) == set(CHOSEN)
    went = showing.went("?study=russell-2014#12", opened.viewed)
    assert went.viewed.filter == EvidenceFilter(study="russell-2014")
    assert went.viewed.side is Side.FACTOR
    assert went.map is None
    turned = showing.turned(went.viewed, "level")
    assert turned.viewed.filter == went.viewed.filter
    assert turned.results is None
    chose = showing.chose(turned.viewed, EvidenceFilter(polarity="mixed"))
    assert chose.viewed.query == "polarity=mixed"


def test_an_engine_that_fails_gives_a_sentence_and_keeps_the_page() -> None:
    showing = Showing(desk_of(FakeAssistant()))
    screen = showing.opened({})
    assert "ea-note" in screen.note
    assert (screen.map, screen.results, screen.choices) == (None, None, None)


def test_markup_in_an_address_or_a_record_stays_text(catalogue: Catalogue) -> None:
    desk = desk_on(catalogue, Store(), ("acharya-2022-f01",))
    drawn = view_html(desk.view(EvidenceFilter(words="<img src=x onerror=alert(1)>")), desk.choices)
    assert "<img" not in drawn
    assert "&lt;img" in drawn


def test_the_map_says_in_words_what_its_signs_say(catalogue: Catalogue) -> None:
    store = Store()
    store.note("webinar", "proximity")
    drawn = map_html(desk_on(catalogue, store).map())
    words = " ".join(re.sub(r"<[^>]+>", "", drawn).split())
    for said in (
        "bodies of evidence:", "supporting,", "cautionary,", "linked by both coders",
        "linked by one coder only", "No study.", "could not be read", "1 asked (once), not answered",
    ):  # fmt: skip
        assert said in words
    assert drawn.count("<tr>") >= 29
    assert 'scope="row"' in drawn


def test_the_interface_gives_counts_and_cells() -> None:
    door = client(Held())
    found = door.get("/api/evidence", params={"mechanism": "peer-review"}).json()
    assert found["reach"]["participants"] == 94
    assert found["reach"]["unread"] == ["russell-2014"]
    assert len(found["reach"]["evidence_groups"]) == 2
    assert door.get("/api/evidence", params={"words": "visits"}).json()["reach"] is None
    drawn = door.get("/api/gaps", params={"by": "level"}).json()
    assert [column["id"] for column in drawn["columns"]][:4] == [
        "macro", "interorganizational", "organizational", "individual",
    ]  # fmt: skip
    assert {cell["state"] for row in drawn["rows"] for cell in row["cells"]} == {
        "supported", "not_supported", "unread", "empty",
    }  # fmt: skip


def test_the_interface_refuses_what_it_does_not_know() -> None:
    door = client(Held())
    assert door.get("/api/evidence", params={"colour": "red"}).status_code == 400
    assert door.get("/api/gaps", params={"by": "moon"}).status_code == 400
    assert door.post("/api/evidence").status_code == 405
    assert door.get("/api/evidence", params={"mechanism": "nothing"}).json()["left_out"] == ["mechanism"]


def test_no_words_of_a_study_that_may_not_be_quoted_leave_by_the_interface() -> None:
    found = client(Held()).get("/api/evidence", params={"study": "usergroup-thesis"}).json()
    assert found["studies"][0]["findings"]
    assert all(finding["statement"] is None for finding in found["studies"][0]["findings"])
