"""Everyday words a model may use although its evidence does not: they join and report, and name nothing."""

from __future__ import annotations

COMMON_WORDS = frozenset(
    """
able about according across act action active actively actual add added addition address affect aim
allow allowed already also although always among amount another any appear apply approach area aspect
associated available based basis become began begin being benefit best better beyond both bring broad
came can carry case cause certain change changed choose clear clearly close come common complete concern
consider contribute could course create current day deal depend describe described despite develop
different difficult direct directly done due during each early ease easier easy effect effective
effectively either else enable encourage end enough ensure especially establish even evidence example
exist expect experience explain face fact factor far feel few find finding first focus follow following
found full further gain general get give given go good greater group grow growth hard having help helped
helpful helps high higher highlight however identify impact important improve improved include included
including increase indicate instead into introduce involve issue keep key kind know known lack large
later lead leading learn learned least less let level like likely limit limited link linked little
long look low lower made main mainly make making many matter mean means meant might more most move much
must need needed new next none not note noted number occur offer often one ones only open order other
others outcome overall own paper part particular particularly past people per perhaps place play point
positive possible practice present prevent problem process produce provide provided put quite rather
reach real reason receive reduce reflect regard relate related relevant remain report reported require
research researchers respond result role run said same say second see seem seen several shape share
should show showed shown shows significant similar simple simply since single small some something
sometimes source specific start state stated still strong studies study such suggest suggested suggests
support supported sure take taken tend than their them there therefore these they thing think third
those though three through thus time together too toward towards turn two type understand unless until
upon use used useful user users using usual usually value various very view want way ways well were
what when where whether which while who whole whose why wide will with within without work worked
working works would year years yet
""".split()
)
