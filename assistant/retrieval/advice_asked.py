"""Whether a person asks for advice on what to do, and what they have told of their situation so far.

Reads words only, by rules. A question for evidence ("What do the studies say about ...?") is not for advice,
whatever was told before it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.domain.conversation import Question, Turn

_SENTENCE = re.compile(r"(?<=[.?!])[\"')\]”’]*\s+|\n+")
_WHO = r"(?:we|i|they|you|one|my \w+|our \w+)"
_EVIDENCE = re.compile(
    r"\b(?:evidence|studies|study|research|researchers|papers?|literature|findings?|trials?|evaluations?)\b"
    r"|\bhow many\b|\bwho (?:says|disagrees)\b|\b(?:is|are) (?:there )?(?:any )?proof\b"
    r"|\b(?:what|anything) (?:is|has been) (?:known|shown|found|reported|written)\b"
    r"|\bwhat happened\b|\bhas (?:anyone|anybody|it been)\b|\bwhat(?:'s| is) the difference\b"
    r"|\bwhat (?:do|does) .{2,40} mean\b"
)
_COURSE = re.compile(
    rf"\bwhat (?:should|shall|can|could|must|ought|would|do|might) {_WHO} "
    r"(?:really |actually |even |now |best )?(?:to )?(?:do|doing|be doing|try|start|begin|set up|choose|pick"
    r"|change|recommend|suggest|advise|go for|think|say|offer|put in place)\b"
    r"|\b(?:what|where) (?:now|next|first)\b|\bwhat to do\b"
    r"|\bwhat(?:'s| is) (?:our|my|the) (?:next|first) (?:step|move)\b"
    rf"|\bwhere (?:do|should|can|could|shall|would) {_WHO} (?:\w+ )?(?:start|begin|turn|go)\b"
    rf"|\bhow (?:do|should|could|can|might|would|shall) {_WHO} (?:best |even |now )?"
    r"(?:start|begin|go about|proceed|respond|tackle|approach|handle|deal)\b"
    r"|\b(?:any|some|your|for|need|want|seek|seeking|after) (?:\w+ )?(?:advice|ideas|tips|suggestions?"
    r"|recommendations?|guidance|pointers)\b|\badvice (?:on|please|for)\b|\bsuggestions?\s*\?"
    r"|\b(?:please|can you|could you|would you)(?: \w+)? (?:help|advise|recommend|suggest)\b"
    r"|\b(?:help|advise) (?:us|me)\b|\brecommend (?:us|me|something|anything|an?)\b"
    r"|\b(?:need|want|would like|looking for|hoping for) (?:some |any |your )?(?:help|a way|ways)\b"
)
_FITS = re.compile(
    r"\b(?:which|what) (?:\w+ )?(?:mechanisms?|ways?|forms?|kinds?|sorts?|types?|approach(?:es)?|options?"
    r"|arrangements?|routes?|of these|one|set-?ups?)\b.{0,60}\b(?:fits?|suits?|right|best for|works? for"
    r"|should we|should i|would you|makes? sense|work here)\b"
    r"|\b(?:what|which) (?:would |will |might |could )?(?:fits?|suits?|works? for|(?:be|is) right for)\b"
    r".{0,30}\b(?:us|me|our|my|here|such|this|a|an|two|small)\b"
    r"|\b(?:right|suitable|a good fit|a good idea|sensible|wise|worthwhile|worth it|enough)(?: \w+){0,3} "
    r"(?:for|in) (?:us|me|our|people like us)\b"
    r"|\b(?:do|does|would|will|can|could)\b.{3,60}\b(?:suit|fit|work for|be right for) "
    r"(?:us|me|our|people like us)\b"
)
_SHOULD = re.compile(r"^(?:so|and|but|or|then|now|well)?,? ?(?:should|ought|shall) (?:we|i|our|my)\b")
_WISH = r"what (?:we|i)(?:'d)?(?: \w+){0,2} (?:want|like|love|need|lack|miss|hope)\b"
_ASKS = re.compile(
    rf"\?[\"')\]”’]*$|^(?!{_WISH})(?:so |and |but |or )?(?:what|how|why|who|which|where|when|is|are|do|does"
    r"|did|has|have|can|could|should|shall|would|will) [^.!]*$"
)
_WEAK = re.compile(
    rf"\bworth\b|\bhow (?:do|can|could|might|should|would|to) {_WHO}\b|\bhow to\b"
    r"|\bis (?:it|this|that) (?:wise|sensible|safe|a good|right|enough)\b|\bgood (?:move|idea|use)\b"
    r"|\bwhat (?:would|could|might|will|can) (?:help|work|be done|bring|get)\b"
    r"|\bis there (?:a|any|some|anything) (?:\w+ )?(?:way|better|other|else|something|we can|we could)\b"
    r"|\bwhat (?:form|shape) (?:should|could|can|might|would)\b|\b(?:most|least|best|simplest) \w+ option\b"
    r"|\bwhat (?:else|other)\b|\bbest way\b|\bwhat do we need\b|\bwould (?:we|it|i) be\b"
    r"|\bcan (?:we|i|they) (?:still|do|use|get|make|learn|share)\b|\bwhat are our options\b"
)
_FACT = re.compile(
    r"^(?:so |and |but |or )?(?:did|has|have|had|was|were|how (?:many|much|long|often|big|common)|when|why"
    r"|who|where|do(?:es)? (?:every|any|other|most|all)\w*|(?:is|are) (?:this|that|we|it) (?:all )?"
    r"(?:normal|typical|usual|common|true|right)|typical|normal|what (?:was|were|is) it like"
    r"|what (?:are|have) we likely)\b"
)
_OWN = re.compile(r"\b(?:we|we're|we've|we'll|our|ours|us|my|i|i'm|i've)\b")
_CLAUSE = re.compile(r",|;|\bso\b|\bbut\b|\band\b")
_LEAST_TOLD = 4
"""Words from which a sentence tells something of a situation."""
_LEAST_STORY = 15
"""Words from which two sentences that ask nothing are a situation told to get advice."""
_LEAST_ASKING = 25
"""The same for two sentences beside a question that asks for no fact, such as "Sound all right?"."""
_LEAST_BREATH = 35
"""Words from which a single sentence is one: talk has few full stops."""
_LEAST_ADDED = 4
"""The same for what is added after advice was asked for."""


def wants_advice(question: Question) -> bool:
    """True if the latest thing said asks what to do, or tells a situation, and does not ask for evidence."""
    text = plain(question.text)
    sentences = sentences_of(text)
    asks = [sentence for sentence in sentences if _ASKS.search(sentence)]
    if any(_strong(sentence) for sentence in sentences):
        return True
    if any(_EVIDENCE.search(sentence) for sentence in asks or sentences[-1:]):
        return False
    if any(_SHOULD.search(sentence) for sentence in sentences):
        return True
    told = told_in(text)
    earlier = any(told_in(plain(turn.text)) for turn in question.turns if turn.role == "user")
    if any(_WEAK.search(sentence) for sentence in sentences):
        return bool(told) or earlier
    if any(_FACT.search(sentence) for sentence in asks) and _ASKS.search(sentences[-1]):
        return False
    return tells(text, _LEAST_ASKING if asks else _LEAST_STORY) or (not asks and _adds(told, question.turns))


def situation_of(question: Question) -> str:
    """What the person has told over the whole conversation, in their words, oldest first.

    Of earlier turns only what was told is taken, not what was asked; the latest is taken whole.
    """
    earlier = [_told_words(turn.text) for turn in question.turns if turn.role == "user"]
    return " ".join(part for part in (*earlier, question.text.strip()) if part)


def told_in(text: str) -> list[str]:
    """Sentences, or the parts of questions, that tell how things stand."""
    told = []
    for sentence in sentences_of(text):
        if not _ASKS.search(sentence):
            told.append(sentence)
        elif (lead := _lead_of(sentence)) and _OWN.search(lead):
            told.append(lead)
    return [words for words in told if len(words.split()) >= _LEAST_TOLD]


def tells(text: str, least: int = _LEAST_STORY) -> bool:
    """True if enough is told for a situation: so many words in several sentences, or many in one breath."""
    told = told_in(text)
    return _length(told) >= (least if len(told) > 1 else _LEAST_BREATH)


def asks_in(text: str) -> list[str]:
    """The sentences that ask, whole."""
    return [sentence for sentence in sentences_of(text) if _ASKS.search(sentence)]


def sentences_of(text: str) -> list[str]:
    """The sentences of a text, without blanks around them."""
    return [part.strip() for part in _SENTENCE.split(text) if part.strip()]


def plain(text: str) -> str:
    """Lower case with straight apostrophes."""
    return text.lower().replace("’", "'")


def _strong(sentence: str) -> bool:
    return bool(_COURSE.search(sentence) or _FITS.search(sentence)) and not _EVIDENCE.search(sentence)


def _lead_of(sentence: str) -> str:
    """What stands before the asking part of a question: "We have no time, so ..."."""
    asked = min((m.start() for p in (_COURSE, _FITS, _SHOULD, _WEAK) if (m := p.search(sentence))), default=0)
    breaks = [m.start() for m in _CLAUSE.finditer(sentence, 0, asked)]
    return sentence[: breaks[-1]].rstrip(" ,;") if breaks else ""


def _adds(told: Sequence[str], turns: Sequence[Turn]) -> bool:
    """True if something is added to what was told when advice was asked for."""
    said = [Question(turn.text, turn.text) for turn in turns if turn.role == "user"]
    return _length(told) >= _LEAST_ADDED and any(map(wants_advice, said))


def _length(told: Sequence[str]) -> int:
    return sum(len(sentence.split()) for sentence in told)


def _told_words(text: str) -> str:
    """Of an earlier turn, what tells: its sentences that are no questions, or that tell before they ask."""
    return " ".join(
        sentence
        for sentence in sentences_of(text)
        if not _ASKS.search(plain(sentence)) or (_OWN.search(plain(_lead_of(plain(sentence)))) is not None)
    )
