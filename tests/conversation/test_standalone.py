import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.conversation.standalone import stand_alone
from assistant.domain.conversation import Turn

TWINNING = (
    Turn("user", "What is hospital twinning?"),
    Turn("assistant", "Two named hospitals agree to learn from each other over some years."),
)
BROKERS = (
    Turn("user", "Tell me about the knowledge brokers."),
    Turn("assistant", "They carry ideas between groups."),
)


def understood(question, turns, **named):
    return stand_alone(question, turns, **named).standalone


def test_a_first_question_comes_back_unchanged_with_nothing_to_add_to_the_search():
    asked = stand_alone("What is it good for?", ())
    assert (asked.standalone, asked.search_text) == ("What is it good for?", "")


@pytest.mark.parametrize(
    "question",
    [
        "What does peer review cost a small hospital?",
        "Is it worth paying for a benchmarking club?",
        "How long does it take to move to a new record system?",
        "Our nurses say that they want more time. What can help them?",
        "Which suppliers run user groups, and do they charge for them?",
        "Why do hospitals in Norway share their templates?",
    ],
)
def test_a_question_that_stands_alone_is_not_touched(question):
    assert understood(question, TWINNING) == question


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How long does it last?", "How long does hospital twinning last?"),
        ("What are its downsides?", "What are hospital twinning's downsides?"),
        ("What are the main benefits?", "What are the main benefits of hospital twinning?"),
        ("downsides?", "Downsides of hospital twinning?"),
        ("What about smaller sites?", "What about smaller sites (about hospital twinning)?"),
        ("How does mentoring compare?", "How does mentoring compare to hospital twinning?"),
    ],
)
def test_what_a_follow_up_leaves_out_is_put_in(question, expected):
    assert understood(question, TWINNING) == expected


def test_they_and_their_stand_for_several():
    assert understood("Who pays for them?", BROKERS) == "Who pays for the knowledge brokers?"
    assert understood("What is their day like?", BROKERS) == "What is the knowledge brokers' day like?"


def test_they_stand_for_what_the_answer_is_about_rather_than_the_last_plural():
    turns = (
        Turn("user", "Does a blueprint help other trusts?"),
        Turn("assistant", "Blueprints helped where staff met the authors."),
    )
    assert understood("who writes them?", turns) == "Who writes blueprints?"


def test_the_subject_is_what_was_asked_not_the_place_or_the_asker():
    turns = (
        Turn("user", "We are a small trust in Wales. Is a user group worth joining?"),
        Turn("assistant", "It gives early warning of faults."),
    )
    assert understood("what would it cost us?", turns) == "What would a user group cost us?"
    assert understood("and what if we're the smallest member?", turns) == (
        "What if we're the smallest member of a user group?"
    )


def test_a_request_for_more_names_the_subject():
    assert understood("Tell me more.", TWINNING) == "Tell me more about hospital twinning."
    assert understood("Is there a study on that?", TWINNING) == "Is there a study on hospital twinning?"


@pytest.mark.parametrize("courtesy", ["thanks", "OK, great.", "Thank you very much!", "hello"])
def test_courtesies_are_neither_rewritten_nor_searched_with_old_words(courtesy):
    asked = stand_alone(courtesy, TWINNING)
    assert (asked.standalone, asked.search_text) == (courtesy, "")


def test_a_pronoun_that_has_its_noun_in_the_same_turn_is_left_alone():
    question = "Nurses rarely travel. Who pays when they do?"
    assert understood(question, BROKERS) == question


def test_he_and_she_stand_for_the_person_last_asked_about():
    turns = (Turn("user", "Who is Jane Smith?"), Turn("assistant", "Jane Smith leads the region."))
    assert understood("Where did she train?", turns) == "Where did Jane Smith train?"
    assert understood("Who paid her fees?", turns) == "Who paid Jane Smith's fees?"


def test_an_object_her_is_not_taken_for_a_possessive():
    turns = (Turn("user", "Who is Jane Smith?"), Turn("assistant", "Jane Smith leads the region."))
    assert understood("Who trained her?", turns) == "Who trained Jane Smith?"


def test_a_bare_why_asks_about_what_was_said_last():
    turns = (
        Turn("user", "Did all regions copy the model?"),
        Turn("assistant", "No region copied all of it. Two came close."),
    )
    assert understood("Why?", turns) == "Why: No region copied all of it?"


def test_a_phrase_that_opens_with_a_preposition_joins_the_question_before():
    turns = (
        Turn("user", "What makes site visits work?"),
        Turn("assistant", "A clear question and time to talk."),
    )
    assert (
        understood("and for small hospitals?", turns) == "What makes site visits work, for small hospitals?"
    )


def test_an_ordinal_picks_from_the_last_answer():
    turns = (
        Turn("user", "What studies are there of staff exchange?"),
        Turn("assistant", "A Welsh evaluation found gains for hosts. A Danish case looked at costs."),
    )
    assert understood("Who funded the second one?", turns) == (
        "Who funded the second one (A Danish case looked at costs)?"
    )
    assert "A Danish case" in understood("What about the other one?", turns)
    assert understood("What did the first one find?", turns).startswith(
        "What did the first one (A Welsh evaluation"
    )


def test_an_ordinal_with_a_noun_of_its_own_or_beyond_the_list_is_left_alone():
    turns = (Turn("user", "What came out of it?"), Turn("assistant", "One thing: trust."))
    assert understood("Who funded the fifth one?", turns) == "Who funded the fifth one?"


def test_which_names_the_things_to_choose_from():
    turns = (Turn("user", "What were the barriers?"), Turn("assistant", "Time, money and fear."))
    assert understood("Which came up most?", turns).startswith("Which of the barriers came up most")


def test_a_correction_keeps_the_question_and_adds_what_was_meant():
    turns = (Turn("user", "Do large hospitals share more?"), Turn("assistant", "They share more records."))
    assert understood("No, I meant lessons.", turns) == "Do large hospitals share more (meaning lessons)?"


def test_a_short_noun_is_completed_from_the_longer_phrase_said_before():
    turns = (
        Turn("user", "Tell me about the Utrecht experiment."),
        Turn("assistant", "It ran for two years."),
    )
    assert understood("Who paid for the experiment?", turns) == "Who paid for the Utrecht experiment?"


def test_a_subject_that_was_carried_over_twice_is_still_known():
    turns = (
        *TWINNING,
        Turn("user", "How long does it last?"),
        Turn("assistant", "Three years."),
    )
    assert understood("What are its downsides?", turns) == "What are hospital twinning's downsides?"


def test_a_given_topic_is_what_pronouns_mean():
    assert (
        understood("Where was he born?", (), topic=("John Cage", "Early life")) == "Where was John Cage born?"
    )
    assert understood("Where was he born?", (Turn("user", "John Cage"),)) == "Where was John Cage born?"


def test_an_answer_that_nothing_is_known_leaves_no_words_behind():
    turns = (
        Turn("user", "What is hospital twinning?"),
        Turn("assistant", "Sorry, I do not know about zebras."),
    )
    assert "zebras" not in stand_alone("What are its downsides?", turns).search_text


def test_the_search_of_a_follow_up_holds_the_words_of_both_earlier_answers():
    turns = (*BROKERS, Turn("user", "Who employs them?"), Turn("assistant", "Mostly universities."))
    words = stand_alone("and who trains them?", turns).search_text
    assert "universities" in words
    assert "carry ideas" in words
    assert "knowledge brokers" in words


def test_turns_and_id_travel_with_the_question():
    asked = stand_alone("Why?", list(TWINNING), id="q7")
    assert (asked.text, asked.turns, asked.id) == ("Why?", TWINNING, "q7")


TEXT = st.text(alphabet=st.sampled_from("it they He What of the second one's, \"?.-\n’é東 0A"), max_size=120)


@settings(max_examples=200, deadline=None)
@given(TEXT, st.lists(st.tuples(st.sampled_from(["user", "assistant", "system", ""]), TEXT), max_size=5))
def test_any_conversation_gives_a_question_and_the_same_one_twice(question, said):
    turns = tuple(Turn(role, text) for role, text in said)
    first = stand_alone(question, turns)
    assert first == stand_alone(question, turns)
    assert first.text == question
    assert bool(first.standalone.strip()) == bool(question.strip())


@pytest.mark.parametrize("piece", ["it ", "A" * 50 + " ", "of the ", "?.", '"', "the second one, and ", "\n"])
def test_a_conversation_of_hostile_length_is_understood_all_the_same(piece):
    long = piece * (20_000 // len(piece))
    turns = tuple(Turn("user" if i % 2 else "assistant", long) for i in range(40))
    assert stand_alone(long[:2000], turns).text == long[:2000]
