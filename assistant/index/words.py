"""Text to keyword stems, so that spellings of one word meet: British and American, hyphens, accents, quotes.

Only for matching. What readers see is never normalised.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import lru_cache
from typing import Any

_MARKS = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "‐": "-", "‑": "-", "–": "-", "—": "-", "−": "-", "\u00ad": None}
)
_PREFIXES = r"inter|intra|cross|multi|non|pre|post|co|re|anti|semi|sub|under|over|micro|macro|meta|e"
_JOINED = re.compile(rf"\b({_PREFIXES})-(?=[a-z])")
_OF_FIRMS = re.compile(r"\b(?:inter|cross)[ -]?(?:organi[sz]ation(?:al)?|firm|institution(?:al)?)(ly)?\b")
_NUMBER = re.compile(r"(?<=\d),(?=\d{3}\b)")
_PER_CENT = re.compile(r"(?<=\d) ?(?:per ?cent\b|%)")
_TOKEN = re.compile(r"\d+(?:\.\d+)?%?|[^\W\d_]+(?:\d+)?")
_COMPOUND = re.compile(r"\b[a-z]+-[a-z]+\b")
_POSSESSIVE = re.compile(r"(?<=\w)'s?\b")
_ISE = re.compile(r"is(e|ed|es|er|ers|ing|ation|ations|ational|able)$")
_NOT_IZE_WORDS = """
advise advised advises adviser advisers advising arise arises arising comprise comprised comprises
comprising compromise compromised compromises compromising devise devised devises devising disguise
enterprise enterprises exercise exercised exercises exercising expertise franchise franchised
franchises improvise improvised improvises improvising likewise otherwise precise premise premises
promise promised promises promising raise raised raises raising revise revised revises revising rise
rises rising supervise supervised supervises supervising surprise surprised surprises surprising
televise televised wise wiser noise noises poise poised praise praised praises praising cruise
bruise demise merchandise appraise appraised appraises appraiser appraisers appraising disease
paradise concise treatise chastise liaise liaised liaises liaising miser visible visibles crises
"""
_NOT_IZE = frozenset(_NOT_IZE_WORDS.split())
_OUR = re.compile(r"\b(behavi|col|fav|hon|lab|neighb|hum|rum|harb|vap|endeav|flav|sav|rig|arm|vig)our")
_SPELLINGS = {
    "programme": "program", "programmes": "programs", "centre": "center", "centres": "centers",
    "centred": "centered", "fibre": "fiber", "metre": "meter", "theatre": "theater", "litre": "liter",
    "licence": "license", "licences": "licenses", "defence": "defense", "offence": "offense",
    "practise": "practice", "practised": "practiced", "practises": "practices", "practising": "practicing",
    "judgement": "judgment", "ageing": "aging", "analyse": "analyze", "analysed": "analyzed",
    "analyses": "analyze", "analysis": "analyze", "analysing": "analyzing",
    "catalogue": "catalog", "catalogues": "catalogs",
    "dialogue": "dialog", "dialogues": "dialogs", "enrol": "enroll", "fulfil": "fulfill",
    "skilful": "skillful", "whilst": "while", "learnt": "learned", "paediatric": "pediatric",
    "paediatrics": "pediatrics", "anaesthesia": "anesthesia", "anaesthetic": "anesthetic",
    "anaesthetics": "anesthetics", "orthopaedic": "orthopedic", "haematology": "hematology",
    "gynaecology": "gynecology", "oncall": "oncall", "orientated": "oriented", "artefact": "artifact",
    "artefacts": "artifacts", "cheque": "check", "grey": "gray", "modelling": "modeling",
    "modelled": "modeled", "travelled": "traveled", "travelling": "traveling", "labelled": "labeled",
    "labelling": "labeling", "signalling": "signaling", "counselling": "counseling",
    "cancelled": "canceled", "cancelling": "canceling",
}  # fmt: skip
_STOP_WORDS = """
a about above after again all am an and any are as at be because been before being below between
both but by can could did do does doing down during each few for from further had has have having he
her here hers herself him himself his how i if in into is it its itself just me more most my myself
now of off on once only or other our ours ourselves out over own s same she should so some such t
than that the their theirs them themselves then there these they this those through to too under
until up very was we were what when where which while who whom why will with would you your yours
yourself yourselves ll ve re d m
"""
_STOP = frozenset(_STOP_WORDS.split())


def stems(text: str) -> list[str]:
    """The keyword stems of `text` without stop words: words in order, then hyphenated pairs as one word.

    Numbers keep their decimal point and their per cent sign.
    """
    flat = normalised(text)
    words = [*_TOKEN.findall(flat), *(match.replace("-", "") for match in _COMPOUND.findall(flat))]
    return [stem for word in words if (stem := _stem(word))]


def normalised(text: str) -> str:
    """Lower case, plain quotes and hyphens, no accents, joined prefixes."""
    flat = text.lower() if text.isascii() else _plain(text)
    flat = _PER_CENT.sub("%", flat).replace("per cent", "percent")
    flat = _POSSESSIVE.sub("", _NUMBER.sub("", flat))
    flat = _OF_FIRMS.sub("interorganization", flat)
    return _OUR.sub(r"\1or", _JOINED.sub(r"\1", flat))


def _plain(text: str) -> str:
    """Lower case without accents, quotes and hyphens as a typewriter has them."""
    flat = unicodedata.normalize("NFKD", text.translate(_MARKS)).casefold()
    return "".join(letter for letter in flat if not unicodedata.combining(letter))


@lru_cache(maxsize=200_000)
def _stem(word: str) -> str:
    """The stem of one normalised word, empty for a stop word. Remembered, for most words come often."""
    if word in _STOP:
        return ""
    if word[0].isdigit():
        return word
    word = _SPELLINGS.get(word, word)
    if word not in _NOT_IZE and len(word) > 5:
        word = _ISE.sub(r"iz\1", word)
    return str(_stemmer().stemWord(word))


# A stemmer is not safe to share between threads.
_own = threading.local()


def _stemmer() -> Any:
    if not hasattr(_own, "stemmer"):
        import Stemmer

        _own.stemmer = Stemmer.Stemmer("english")
    return _own.stemmer
