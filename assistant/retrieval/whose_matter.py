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
_MANY = (
    r"(?:\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
    r"|eighteen|twenty|thirty|forty|fifty|sixty|hundreds?|dozens?|several|many|most|more|various|different"
    r"|both|all|each|every|another|other|next|similar|neighbouring|nearby|rival|sister|couple|pair|set)"
)
_BODIES = (
    r"(?:hospitals?|hospices?|trusts?|sites?|practices?|homes?|units?|regions?|services?|boards?|teams?"
    r"|clinics?|organi[sz]ations?|charit(?:y|ies)|councils?|places?|labs?|laborator(?:y|ies)|departments?"
    r"|systems?|partners?|suppliers?|colleges?|universit(?:y|ies)|centres?|firms?|companies|countr(?:y|ies)|customers?"
    r"|neighbours?|members?|peers?|colleagues?|leads?|officers?|analysts?|trainers?|specialists?|clubs?)"
)
_ELSEWHERE = (
    r"next door|(?:down|up|across|over|along) the|elsewhere|opposite number|counterpart|count(?:y|ies)"
    r"|region\w*|national\w*|scheme|programme|theirs|either|both|mutual|together|among us|between us"
    r"|in common|one another|each other|the rest of|alone|isolated|nobody (?:like|else|here who)"
    r"|neighbour\w*|joint\w*"
)
_LEARNING = (
    r"shar(?:e|es|ed|ing)|learn\w*|teach\w*|taught|visit(?:s|ed|ing)?|tours?|exchang\w*|swap\w*|partner\w*"
    r"|pair\w*|twin\w*|network\w*|peers?|mentor\w*|coach\w*|exemplars?|followers?|forums?|communit\w+"
    r"|collaborat\w*|conferences?|congress|summit|events?|talk(?:s|ed|ing)?|lectures?|webinars?|courses?"
    r"|cohorts?|certificate|benchmark\w*|compar\w*|league|figures|librar\w+|repositor\w+|templates?|slides"
    r"|guides?|write|writes|writing|wrote|written|second(?:ed|ment)s?|lend\w*|lent|loan\w*|broker\w*"
    r"|facilitat\w*|conven\w*|host\w*|hubs?|expert\w*|advice|advis\w*|experience\w*|example\w*|know-how"
    r"|knowledge|lessons?|meet|meets|met|meetings?|groups?|users?|colleagues?|messages?|chat|phone|ring|rung"
    r"|rang|calls?|watchdog|rescuer|inspect\w*|funder|contacts|clients?|bidders?|procurement"
    r"|customer (?:list|club)s?|downloaded|published|hear(?:s|d)? (?:\w+ )?from|(?:ask|question) people"
    r"|would know|must have seen"
)
_DIGITAL = (
    r"digital\w*|informatics|cn?io|ccio|records?|charts?|e-\w+|portals?|dashboards?|data|software|apps?"
    r"|analysts?|coders|go[ -]live|roll[ -]?outs?"
    r"|(?:same|identical|own|one|record|our|their) (?:\w+ )?(?:system|product|build|version|make)"
)
_SHARING = re.compile(
    rf"\b{_MANY}(?:[ -][\w'-]+){{0,3}}? {_BODIES}\b|\b(?:{_ELSEWHERE}|{_LEARNING}|{_DIGITAL})\b"
)
"""Words of which somebody who tells of sharing between organisations or of digital work uses at least one."""
_PLAINLY = 2
"""So many different ones, and it is plain what the story is of."""
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
    r"|icbs?|laborator\w+|pathology|radiolog\w+|care homes?|social care|electronic records?|epr|ehr|a&es?"
    r"|paramedics?|physio\w*|medicines|medication|e?-?prescribing)\b"
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
        and len(_of_sharing(words)) >= _PLAINLY
        and (not asked or any(_WAYS.search(part) for part in asked))
        and not one_persons_matter(text)
    )


def told_of_something_else(text: str) -> bool:
    """True if a story is told, nothing in particular asked, and no word is of sharing or of digital work."""
    words = plain(text)
    return (
        len(told_in(words)) > 1
        and all(_WAYS.search(asked) for asked in asks_in(words))
        and not _of_sharing(words)
    )


def of_the_field(text: str) -> bool:
    """True if a word of health care is said, or plainly of sharing or of digital work."""
    words = plain(text)
    return _HEALTH.search(words) is not None or len(_of_sharing(words)) >= _PLAINLY


def another_trade(text: str) -> bool:
    """True if the asker speaks of a trade of their own and of nothing in health care."""
    words = plain(text)
    return _TRADE.search(words) is not None and _HEALTH.search(words) is None


def _of_sharing(words: str) -> set[str]:
    """The different words of sharing and of digital work in a text."""
    return {found.group() for found in _SHARING.finditer(words)}
