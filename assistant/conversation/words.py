"""Small closed word lists of English for reading a question: no meaning is looked up anywhere else.

The lists hold grammar (articles, prepositions, auxiliaries) and very common verbs, never
words of one subject.
"""

from __future__ import annotations

import re

TOKEN = re.compile(r"\w+(?:[’'./&-]\w+)*|[^\w\s]")
"""A word with its inner apostrophes, dots and hyphens, or one mark of punctuation."""


def word_set(words: str) -> frozenset[str]:
    """The words of a list written as one string."""
    return frozenset(words.split())


DETERMINERS = word_set("a an the some any every each no both all another many most several few")
POSSESSIVES = word_set("my our your his her its their whose")
DEMONSTRATIVES = word_set("this that these those")
PREPOSITIONS = word_set(
    """about above across after against along among around as at before behind below beneath beside
    besides between beyond by despite down during except for from in inside into like near of off on
    onto out outside over per since than through throughout till to toward towards under until up
    upon via with within without versus vs"""
)
CONJUNCTIONS = word_set("and or but nor so yet if because although though while whereas when unless")
AUXILIARIES = word_set(
    """am is are was were be been being do does did done doing have has had having can could may might
    must shall should will would isn't aren't wasn't weren't don't doesn't didn't hasn't haven't
    hadn't can't couldn't won't wouldn't shouldn't cannot what's who's where's how's that's it's
    there's i'm i've i'd i'll we're we've we'd we'll you're you've they're they've they'd he's she's
    he'd she'd let's"""
)
QUESTION_WORDS = word_set("what which who whom whose where when why how")
PRONOUNS = word_set(
    """i me you we us he him himself she her hers herself it itself they them themselves theirs myself
    yourself ourselves someone somebody anyone anybody everyone everybody nobody something anything
    nothing everything one ones there here this that these those who mine ours yours"""
)
ADVERBS = word_set(
    """also again ago almost already always anyway apart away back best better ever even far first
    finally generally however instead just later least less long maybe mainly more most much never
    next not now often once only originally overall perhaps please quite rather really right same
    soon still such then thing things together too usually very well yes no ok okay thanks thank
    please sorry hello hi wow oh sure else other others different similar able own likely worth"""
)
FUNCTION_WORDS = (
    DETERMINERS
    | POSSESSIVES
    | DEMONSTRATIVES
    | PREPOSITIONS
    | CONJUNCTIONS
    | AUXILIARIES
    | QUESTION_WORDS
    | PRONOUNS
    | ADVERBS
)

_VERBS = word_set(
    """accept achieve act add adopt affect agree allow answer appear apply ask attend attract avoid
    base become begin believe belong break bring build buy call care carry cause change choose come
    compare concern consider contain continue contribute convert cost create deal decide define
    depend describe develop die differ discuss do doubt earn eat end enjoy evolve exchange exist
    expect experience explain extend fail fall feel find fit follow fund gain get give go grow
    happen hear help hold impact improve include increase influence inspire interest introduce
    invest involve join keep know last launch lead learn leave let like live look lose love make
    matter mean measure meet mention mix move need offer open own pay perform play prefer prevent
    produce promote protect provide publish put react receive recommend record reduce refer relate
    release remain remember replace require respond result return run say see seem sell serve share
    show sing sit sleep speak spend stand start stay stop suffer suggest support survive take talk
    teach tell tend think tour track treat try turn understand use visit vote wait walk want watch
    wear win wonder work worry write"""
)
_IRREGULAR = word_set(
    """became began believed broke brought built bought came chose fell felt found fitted gave went
    gone got gotten grew grown heard held kept knew known led left lost made meant met paid said saw
    seen sold sent showed shown sang sung sat slept spoke spoken spent stood told thought took taken
    taught understood wore won wrote written ran born based called named written put let set cut
    lies dying died lay going"""
)


def _forms(verb: str) -> set[str]:
    """The regular forms of a verb: -s, -ed and -ing, with the spelling that its ending calls for."""
    stem = verb[:-1] if verb.endswith("e") else verb
    s_form = verb[:-1] + "ies" if verb.endswith("y") and verb[-2] not in "aeiou" else verb + "s"
    if verb.endswith(("ss", "sh", "ch", "x", "o")):
        s_form = verb + "es"
    past = verb[:-1] + "ied" if s_form.endswith("ies") else stem + "ed"
    doubled = {verb + verb[-1] + "ed", verb + verb[-1] + "ing"} if len(verb) <= 4 else set()
    return {verb, s_form, past, stem + "ing"} | doubled


VERBS: frozenset[str] = frozenset().union(*map(_forms, _VERBS)) | _IRREGULAR

RELATIONAL_NOUNS = word_set(
    """advantage advantages aim aims alternative alternatives argument arguments aspect aspects
    audience author authors background barrier barriers beginning benefit benefits biggest cause
    causes challenge challenges characteristic characteristics choice choices component components
    con condition conditions cons consequence consequences controversy cost costs criticism
    criticisms critics danger dangers definition difference differences difficulties disadvantage
    disadvantages downside downsides drawback drawbacks effect effects ending evidence example
    examples fact factor factors facts feature features finding findings form forms founder founders
    function functions gets goal goals history idea impact impacts implication implications
    importance ingredient ingredients kind kinds lesson lessons limit limitation limitations limits
    meaning member members method methods name number origin origins outcome outcomes part parts
    people period plot point points price problem problems process prognosis pros purpose purposes
    reason reasons reception relation relations relationship relationships requirement requirements
    response result results risk risks role roles rule rules side sign signs size song songs source
    sources stage stages step steps strength strengths structure success symptom symptoms theme
    themes treatment treatments type types upside upsides use uses value varieties variety version
    versions way ways weakness weaknesses"""
)
"""Nouns that say little until one knows *of what*."""

NOT_A_PERSON = word_set(
    """university college school hospital trust records band city county state street company group
    club league championship cup award awards war act party programme program network press times
    the medal tour series album depression agency service services department association society
    office"""
)
GROUP_NOUNS = word_set(
    """band group team company organisation organization programme program network club firm"""
)
WORK_NOUNS = word_set(
    """album song film movie book show series novel play record single episode article study paper
    report"""
)
PLURALS = word_set("""people men women children staff data police criteria phenomena media parents teeth""")
NOT_PLURAL = word_set("news politics economics physics mathematics series species gas bus lens")

ORDINALS = {
    "first": 0,
    "second": 1,
    "third": 2,
    "fourth": 3,
    "fifth": 4,
    "last": -1,
    "former": 0,
    "latter": -1,
}


def is_function_word(word: str) -> bool:
    """True for grammar words, contractions and adverbs in -ly."""
    lower = word.lower().replace("’", "'")
    return lower in FUNCTION_WORDS or (lower.endswith("ly") and len(lower) > 5)


def is_plural(noun: str) -> bool:
    """True if an English noun looks plural."""
    word = noun.lower()
    if word in PLURALS:
        return True
    return word.endswith("s") and not word.endswith(("ss", "us", "is", "’s", "'s")) and word not in NOT_PLURAL
