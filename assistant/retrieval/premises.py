"""What a question takes for granted, and whether a finding speaks against it.

Only claims about the world count: what the asker says of their own situation is theirs to know.
"""

from __future__ import annotations

import re

from assistant.domain.framework import Finding, Polarity

_GIVEN = (
    re.compile(
        r"^\s*(?:since|given that|given|as|now that|seeing (?:as|that)|because|knowing that|considering that|"
        r"considering|with)\s+(.{12,200}?),\s",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:we know|everyone knows|we all know|"
        r"it(?:'s| is| has been) (?:well )?(?:known|proven|established)|"
        r"the (?:study|studies|evidence|research|evaluation) (?:showed|shows|show|proved|proves|found|says?))"
        r"\s+(?:that\s+)?(.{12,200}?)[,.;?]",
        re.IGNORECASE,
    ),
)
_STATED = (
    re.compile(r"^\s*if\s+(.{12,200}?),\s", re.IGNORECASE),
    re.compile(r"^\s*(?:so )?why (?:do|does|did|is|are|was|were|have|has)\s+(.{12,200}?)\?", re.IGNORECASE),
    re.compile(
        r"^\s*([^?]{15,240}[.!;])\s+(?:so )?(?:how|why|which|what made|who)\b[^.!]{3,200}\?\s*$",
        re.DOTALL | re.IGNORECASE,
    ),
    re.compile(
        r"^\s*([^?]{15,240}?),\s+so\s+(?:how|why|which|what|who)\b[^.!]{3,200}\?\s*$",
        re.DOTALL | re.IGNORECASE,
    ),
)
_BUILT_ON = re.compile(
    r"^\s*([^?]{15,240}[.!;])\s+(?:so )?(?:how did|why|what made|which\b.{3,40}\b(?:most|best))"
    r"\b[^.!]{3,200}\?\s*$",
    re.DOTALL | re.IGNORECASE,
)
_CLAIMS = re.compile(
    r"\b(?:prove[nds]?(?! (?:such|a|to be|hard)\b)|proof|always|never|guarantee[sd]?|more likely|less likely|"
    r"established|clearly|(?:mak|lead|bring)(?:es|s)|cuts?|ensures?|boost(?:s|ed)?|every(?:one|body)?|nobody|"
    r"no one|only|all|none|loved|hated|praised|just as|dozens|"
    r"so (?:well|badly|much|many|few|popular|successful|effective|\w+ly))\b",
    re.IGNORECASE,
)
_OWN = re.compile(r"\b(?:we|our|i|my|us|me|here|i'm|we're|we've|this|these|ours)\b", re.IGNORECASE)
_NEGATIVE = re.compile(
    r"\b(?:not|\w+n['’]t|never|no|nobody|nothing|none|fail(?:s|ed)?|useless|pointless|harm(?:s|ed)?|waste|"
    r"slow(?:er|est)?|only)\b",
    re.IGNORECASE,
)


_ALL = re.compile(r"\b(?:every|all|everyone|everybody|nobody|no one|none)\b", re.IGNORECASE)
_SOME = re.compile(r"\b\d+ of (?:the )?\d+\b|\b\d+(?:\.\d+)?%|\bper cent\b|\bfew\b", re.IGNORECASE)
_COUNTRY = re.compile(r"\bUS\b")


def read_premise(text: str) -> str | None:
    """The claim that `text` takes for granted before it asks, in the asker's words; None if there is none."""
    for pattern in _GIVEN:
        if (found := pattern.search(text)) and not _own(found.group(1)):
            return found.group(1).strip()
    for pattern in _STATED:
        found = pattern.search(text)
        if found and _CLAIMS.search(found.group(1)) and not _own(found.group(1)):
            return found.group(1).strip()
    found = _BUILT_ON.search(text)
    return found.group(1).strip() if found and not _own(found.group(1)) else None


def _own(claim: str) -> bool:
    """True if a claim is about the asker's own place; the country is not "us"."""
    return bool(_OWN.search(_COUNTRY.sub("", claim)))


def speaks_against(premise: str, finding: Finding) -> bool:
    """True if the finding cautions where the premise hopes, supports where it denies, or has some for all."""
    if _ALL.search(premise) and _SOME.search(finding.statement):
        return True
    if _NEGATIVE.search(premise):
        return finding.polarity == Polarity.SUPPORTS
    return finding.polarity in (Polarity.CAUTIONS, Polarity.MIXED)
