"""Whose matter a question is: one person's job or rights, another trade's, or how organisations share.

Reads words only, by classes of rules. It decides nothing; the gate and the step that advises do.
"""

from __future__ import annotations

import re

from assistant.retrieval.advice_asked import asks_in, plain, told_in

_PERSON = (
    r"(?:him|her|them|me|us|someone|somebody|anyone|anybody|whom|who|staff|people|employees?|workers?|colleagues?"
    r"|manag(?:er|ers)|deput(?:y|ies)|boss(?:es)?|nurses?|doctors?|consultants?|surgeons?|physicians?"
    r"|clinicians?"
    r"|midwi(?:fe|ves)|pharmacists?|analysts?|leads?|leaders?|officers?|directors?|executives?|facilitators?"
    r"|brokers?|contractors?|secondees?|convenors?|coordinators?|trainers?|members? of staff|team members?"
    r"|two who|one who|those who|cio|ceo|cnio|ccio)"
)
_MAY = (
    r"\b(?:should|can|could|may|might|must|shall|ought|would|will|do|does|am|is|are"
    r"|how|whom|who|which|when)\b"
)
_ACT = (
    r"(?:sack|fire|dismiss|demote|discipline|suspend|sue|lay off|get rid of|getting rid of|sacking|firing"
    r"|dismissing|punish|oust)"
)
_NEAR = r"(?: [\w'-]+){0,4}? "
_ON_PERSON = re.compile(
    rf"{_MAY}.{{0,80}}\b{_ACT}{_NEAR}{_PERSON}\b(?!['’]| (?:meetings?|forums?|groups?|posts?|visits?|up)\b)"
    rf"|{_MAY}.{{0,80}}\bforc(?:e|ing){_NEAR}{_PERSON} (?:to resign|to leave|to go|out)\b"
    rf"|\b(?:whom|who|which (?:of them|one|person|\w+)|{_PERSON}) (?:should|can|could|may|must|shall|do|to) "
    rf"(?:we|i|they|the \w+) (?:{_ACT}|make redundant|let go)\b"
    rf"|{_MAY}.{{0,60}}\bmake{_NEAR}redundant\b|\bbe made redundant\b"
    rf"|{_MAY}.{{0,60}}\blet (?!them\b)(?:\w+ ){{0,3}}{_PERSON} go\b"
    r"(?! (?:to|and|on|with|for|there|ahead|of)\b)"
    rf"|{_MAY}.{{0,80}}\b(?:end|ending|terminate|terminating)\b.{{0,40}}"
    rf"\b(?:job|employment|(?:my|his|her|{_PERSON}'s) contract)\b"
    rf"|{_MAY}.{{0,40}}\breport (?:him|her|them|my (?:\w+ )?(?:boss|manager|colleague|deputy))\b"
)
_WANTED_OUT = re.compile(
    rf"\bi (?:really |just )?want(?: [\w'-]+){{0,3}}? {_PERSON} "
    r"(?:to be )?(?:out|gone|sacked|dismissed|removed)\b"
)
_RIGHTS = re.compile(
    r"\b(?:can|may|could|are|is|will) (?:they|he|she|we|my \w+|the \w+|you)(?: \w+){0,3} "
    r"(?:dismiss|sack|fire|discipline|suspend|demote|sue|end|stop) (?:me|my)\b"
    r"|\bentitled to\b.{0,40}\b(?:pay|leave|notice|compensation|pension|flexible)\b"
    r"|\bwhat are (?:my|her|his) rights\b|\bunfair dismissal\b"
)
_WRONGED = re.compile(
    r"\b(?:shouts?|shouted|yells?|yelled|bull(?:y|ies|ied)|harass(?:es|ed)?|threaten(?:s|ed)?|accus(?:es|ed)"
    r"|investigat(?:es|ed|ing)|disciplin(?:es|ed|ing)|suspend(?:s|ed)|dismiss(?:es|ed)|sacked|fired"
    r"|underpaid) (?:at )?me\b|\bi (?:was|am|have been|am being|feel) (?:\w+ )?(?:bullied|harassed|threatened"
    r"|discriminated|victimised|underpaid|suspended|dismissed|sacked|fired|made redundant)\b"
    r"|\bmy (?:pay|salary|wages?|payslip|pension) (?:\w+ ){0,2}"
    r"(?:cut|wrong|late|stopped|short|reduced|frozen)\b"
    r"|\b(?:cut|stopped|reduced|froze) my (?:pay|salary|wages?|pension)\b|\bagainst my will\b"
    r"|\bmy (?:own )?(?:job|post|role) (?:goes|is (?:going|at risk|being (?:cut|deleted))"
    r"|will (?:go|be (?:cut|deleted)))\b|\bmy (?:grievance|tribunal|disciplinary|rent|mortgage)\b"
    r"|\bmine was wrong\b"
)
"""What was done to the one who tells it."""
_TIE = re.compile(
    r"\b(?:contacts?|exchang\w+|shar(?:e|es|ed|ing)|learn\w*|links?|partner\w*|twin\w+|pair(?:ed|ing)"
    r"|networks?|visits?|calls?|talk\w*|theirs|knew|knows|know-how|knowledge|sister (?:unit|site|hospital)"
    r"|other (?:hospitals?|trusts?|sites?|wards?|units?)|another (?:hospital|trust|site)"
    r"|follower|exemplar|hand(?:s|ed)? (?:it|that|this|them)? ?over)\b"
)
_WAYS = re.compile(
    r"\bhow (?:do|can|could|should|would|might) (?:we|i)\b|\bwhat (?:can|could|should|would|do) (?:we|i)\b"
    r"|\bwhat (?:helps|works|now)\b"
)
_TRADE = re.compile(
    r"\b(?:my|our|(?:i|we) (?:\w+ )?(?:own|run|manage)|(?:i am|we are)(?: \w+)? an?)(?: [\w'-]+){0,3}? "
    r"(?:restaurants?|caf(?:e|é)s?|baker(?:y|ies|s)?|brewer(?:y|ies|s)?|pubs?|hotels?|guest ?houses?|shops?"
    r"|boutiques?|supermarkets?|hair ?dressers?|(?:hair|nail|beauty) salons?|salons?|garages?|farms?|farmers?"
    r"|vineyards?|factor(?:y|ies)|car (?:makers?|dealers?)|dealerships?|law (?:firms?|practices?)"
    r"|estate agen(?:ts|cy)|travel agen(?:ts|cy)|accountancy firms?"
    r"|theatre compan(?:y|ies)|cinemas?|museums?|football (?:clubs?|teams?)"
    r"|(?:sports?|rugby|cricket|tennis) clubs?"
    r"|airlines?|shipping compan(?:y|ies)|warehouses?|taxi (?:firms?|compan(?:y|ies))|gyms?|butchers?"
    r"|grocer(?:y|ies|s)|florists?|news ?papers?|publishers?|schools?|kindergartens?|nurser(?:y|ies))\b"
    r"(?! (?:for|of)\b)"
)
_HEALTH = re.compile(
    r"\b(?:hospitals?|hospices?|nhs|trusts?|wards?|clinics?|clinical|clinicians?|health|healthcare|patients?"
    r"|nurs(?:e|es|ing)|midwi(?:fe|ves)|doctors?|surger(?:y|ies)|medical|medicine|pharmac\w+|gps?|ambulances?"
    r"|icbs?|laborator\w+|pathology|radiolog\w+|care homes?|social care|electronic records?|epr|ehr)\b"
)


def one_persons_matter(text: str) -> bool:
    """True if what is asked is whether or how to act on somebody's job, or what somebody is entitled to.

    Only the parts that ask count: that somebody was dismissed may be told of any situation. What was done to
    the one who tells it, and whom they want out, counts wherever it is said.
    """
    words = plain(text)
    return bool(_WANTED_OUT.search(words) or _WRONGED.search(words)) or any(
        _ON_PERSON.search(asked) or _RIGHTS.search(asked) for asked in asks_in(words)
    )


def told_of_sharing(text: str) -> bool:
    """True if a tie between organisations is told of, and nothing is asked, or what the asker can do.

    Who somebody was, or whether a paper is valid, is not.
    """
    words = plain(text)
    asked = asks_in(words)
    return (
        bool(told_in(words))
        and _TIE.search(words) is not None
        and (not asked or any(_WAYS.search(part) for part in asked))
        and not one_persons_matter(text)
    )


def another_trade(text: str) -> bool:
    """True if the asker speaks of a trade of their own and of nothing in health care."""
    words = plain(text)
    return _TRADE.search(words) is not None and _HEALTH.search(words) is None
