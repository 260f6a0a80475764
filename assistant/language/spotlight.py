"""Sets evidence apart from instructions before a model sees it: one fenced line each, its spaces marked.

Withholds passages that talk to the machine instead of the reader. Neither is a boundary: what a model makes
of the evidence is checked afterwards, whatever it was shown.
"""

from __future__ import annotations

import re
import unicodedata

from assistant.security.sanitising import visible

FENCE = "=" * 24
_MARKERS = "ˆ▁¦¤"
_BRACKETS = str.maketrans({"[": "(", "]": ")", "<": "(", ">": ")", "{": "(", "}": ")", "`": "'"})

_NAMES = r"(?:ai|assistants?|chat\s?bots?|bots?|llms?|(?:language\s+)?models?|summari[sz]ers?|machines?)"
_WHOLE = r"(?:instruct\w*|prompts?|rules?|guidelines?|previous|prior|above|earlier|directions?|restrictions?)"
_SAYING = r"(?:repeat|print|output|echo|emit|reveal|disclose|leak|dump|append|prepend|insert|embed|include)"
_SAID = (
    r"(?:words?|phrase|string|tokens?|codes?|prompt|following|verbatim|exactly|your\s+\w+|link|image|url"
    r"|sentence|password|secrets?|canary)"
)
_ORDERS = (
    r"(?:mention|repeat|say|write|reply|respond|answer|print|output|append|insert|cite|quote|quoting|recite|tell"
    r"|claim|recommend|summari[sz]e|conclude|state\s+that|(?:end|close|begin|start)\s+with|add\s+(?:a|the))"
)
_POLITELY = r"(?:(?:please|kindly|now|also|then|always|never|you\s+(?:must|should|may|can))\s+)"
_TALKS_TO_THE_MACHINE = re.compile(
    rf"""
    \b(?:ignore|disregard|forget|override|bypass|neglect)\b.{{0,40}}\b{_WHOLE}\b
    | \b(?:system|developer|hidden|initial|original)\s+(?:prompts?|messages?|instructions?|notes?)\b
    | (?:^|[\n\[(<|\#*])\s*(?:system|assistant|user|developer|instructions?)\s*[\])>:|]
    | \b(?:new|updated|further|real|actual|special|secret)\s+(?:instructions?|orders?)\b
    | \byou\s+are\s+(?:now|no\s+longer)\s+(?:an?|in|the|my|bound|free|under|called)\b
    | \b(?:act|behave|respond|answer|reply)\s+(?:only\s+)?as\s+(?:if\s+you|an?\s+{_NAMES})
    | \bpretend\s+(?:to\s+be|that|you)\b | \brole-?play\s+as\b | \bjailbr\w+ | \bdo\s+anything\s+now\b
    | \b(?:dev|developer|debug|god)\s+mode\b
    | \b(?:dear|hey|hello|attention|(?:note|messages?)\s+(?:to|for))\W+(?:(?:the|any|all)\W+)?{_NAMES}\b
    | \b{_NAMES}\b.{{0,30}}\b(?:must|should|shall|please)\b.{{0,30}}\b(?:say|write|answer|reply|state|tell)\b
    | \b{_SAYING}\b.{{0,60}}\b{_SAID}\b
    | \b(?:say|write|state|reply|respond|answer|begin|start|end|finish|close|conclude|sign)\b.{{0,30}}
        \b(?:exactly|the\s+(?:word|phrase|code|line)|(?:with|by)\s+(?:the\s+)?(?:words?|phrase|writing|saying))\b
    | \b(?:say|write|reply|respond|answer)\s+(?:with|only|exactly|instead|nothing)\b
    | \byour\s+(?:answers?|reply|replies|response|output|instructions?|prompt|guidelines?|next\s+message)\b
    | (?:^|[.!?:;“"\(\]]\s*){_POLITELY}*{_ORDERS}\b | {_POLITELY}{_ORDERS}\b
    | (?-i:\b(?:Mention|Repeat|Say|Write|Reply|Respond|Answer|Print|Output|Append|Insert|Cite|Recite|Tell
        |(?:Begin|End|Close|Finish)\s+with)\b)
    | \bsummar(?:y|ies|i[sz]e[sd]?|i[sz]ing)\b.{{0,60}}
        \b(?:must|should|ha(?:s|ve)\s+to|close[sd]?|begins?|contain)\b
    | \b(?:correct|right|only)\s+(?:response|answer)\s+(?:is|to)\b | \bfinal\s+(?:text|answer)\b | \btodo\b
    | <\|\w | \[/?inst\] | \#\#\#\s*\w+: | ^\s*(?:human|assistant|system|user)\s*:
    | \b(?:speak|talk)\s+like\s+an?\b
    | \b(?:outputs?|answers?|responses?)\s+(?:must|should|carry|carries|ha(?:s|ve)\s+to)\b
    | \b(?:base64|rot13|eval)\b | \b(?:decode|execute)\s+(?:this|the\s+following)\b
    | https?: | \bwww\. | \bdata:\w | \bjavascript: | !\[ | \]\( | \[E\d | </?[a-z!] | &\#?\w+; | ```
    | \b(?:ignor(?:ier|ez\b|es\b)|[ée]cri(?:s|vez)\b|schreib[et]?\b
        |vergiss\b|missachte|antworte\b|wiederhole\b|anweisung|oublie[zr]?\b|r[ée]p[èe]te[zr]?\b
        |r[ée]pond(?:s|ez)\b|instrucci|istruzion|ignoreer|herhaal|instru[çc][õo]|olvid[ae]|responde\b|repite\b)
    | 忽略 | 指令 | 무시 | игнорируй | инструкц
    """,
    re.IGNORECASE | re.VERBOSE | re.DOTALL | re.MULTILINE,
)
_UNUSUAL = re.compile(
    r"""
    (?<![A-Za-z0-9+/])(?=[A-Za-z+/]*\d)(?=[0-9+/]*[A-Za-z])[A-Za-z0-9+/]{20,}={0,2}
    | \b(?=\w*[A-Za-z])(?=(?:\w*\d){3})\w{6,}\b
    | \b[A-Za-z]{2,}[-_](?=[A-Za-z]*\d[A-Za-z\d]*\d\d)[A-Za-z\d]{3,}
    | \w_\w | \b[A-Z]{9,}\b | [A-Za-z]{30,}
    """,
    re.VERBOSE,
)


def talks_to_the_machine(text: str) -> bool:
    """True if some part of `text` reads like an order to whoever processes it, a link, or markup.

    Generous on purpose: a passage kept from the model by mistake can still answer word for word.
    """
    plain = unicodedata.normalize("NFKC", visible(text))
    return visible(text) != text or bool(_TALKS_TO_THE_MACHINE.search(plain)) or has_code(plain)


def has_code(text: str) -> bool:
    """True if a word looks like a key, a token or encoded text and not like language."""
    return bool(_UNUSUAL.search(text))


def marker_for(texts: list[str]) -> str:
    """A character for marking spaces that stands in none of `texts`."""
    return next((m for m in _MARKERS if not any(m in text for text in texts)), _MARKERS[0])


def marked(number: int, text: str, marker: str) -> str:
    """One line: `[E<number>]` and the text, every stretch of white space made one marker.

    No line break is left in it and no bracket, so it can neither leave its fence nor pose as another id.
    """
    plain = visible(text).translate(_BRACKETS).replace(marker, "")
    return f"[E{number}]{marker}{marker.join(plain.split())}"


def unmarked(text: str, marker: str) -> str:
    """`text` with markers turned back into spaces."""
    return text.replace(marker, " ")
