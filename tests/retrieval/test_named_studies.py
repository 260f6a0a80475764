"""A question names a study by author and year, kind and topic, or the size of its sample; else none."""

from __future__ import annotations

import pytest

from assistant.retrieval.named_studies import StudyNames
from tests.made_up import study

STUDIES = {
    s.id: s
    for s in (
        study(
            "harbour-2019",
            title="Telementoring for rural stroke nurses",
            authors=("Harbour J", "Lane QT"),
            year=2019,
            study_design="randomised controlled trial",
            sample="1,284 patients in 14 hospitals",
        ),
        study(
            "meadow-2016",
            title="Virtual communities of dietitians",
            authors=("The Nguyen H", "van Meadow PP"),
            year=2016,
            study_design="survey",
            sample="312 members",
        ),
        study("river-2021", title="Pairing of exemplar hospitals", authors=("River A",), year=2021),
        study("stone-2021", title="Peer support among midwives", authors=("Stone B",), year=2021),
        # A word is rare only among many.
        *(study(f"other-{n}", title=f"Sharing practice {n}", year=2000 + n % 15) for n in range(60)),
    )
}
NAMES = StudyNames(STUDIES)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What did Harbour find in 2019?", "harbour-2019"),
        ("In the 2021 study by River, who gained?", "river-2021"),
        ("What did the trial of telementoring for stroke nurses show?", "harbour-2019"),
        ("What came out of the survey of virtual dietitians' communities?", "meadow-2016"),
        ("The trial with 1284 patients: what did it find?", "harbour-2019"),
        ("What did the survey of 312 members conclude?", "meadow-2016"),
        ("Did van Meadow and others report on dietitians?", "meadow-2016"),
    ],
)
def test_a_named_study_is_recognised(question: str, expected: str) -> None:
    named = NAMES.best(question)
    assert named is not None
    assert named.study.id == expected


@pytest.mark.parametrize(
    "question",
    [
        "What helps nurses learn from each other?",
        "Is there a study on robots?",
        "What happened in 2021?",
        "The nurses want to meet. What does the study of 2016 say?",
        "What did Harbour find in 2012?",
        "We have 30 wards; is that enough for a trial?",
        "",
    ],
)
def test_a_question_that_names_no_study_is_left_alone(question: str) -> None:
    assert NAMES.best(question) is None


def test_a_surname_of_two_words_is_not_known_by_its_first() -> None:
    # "The" begins many a question; "The Nguyen" is a person.
    assert NAMES.best("The 2016 programme: who paid?") is None
    named = NAMES.best("What did The Nguyen write in 2016?")
    assert named is not None
    assert named.study.id == "meadow-2016"


def test_the_wrong_year_speaks_against_a_study() -> None:
    right, wrong = (
        NAMES.best("Harbour 2019, the trial of telementoring"),
        NAMES.best("Harbour 2012, the trial of telementoring"),
    )
    assert right is not None
    assert wrong is None or wrong.score < right.score


def test_the_order_of_the_studies_does_not_matter() -> None:
    question = "What did the 2021 study say on hospitals and midwives?"
    turned = StudyNames(dict(reversed(STUDIES.items())))
    assert turned.best(question) == NAMES.best(question)


def test_without_studies_nothing_is_named() -> None:
    assert StudyNames({}).best("What did Harbour find in 2019?") is None
