"""Questions to begin with, by the work of the reader. Each can be answered from the bundled studies."""

from __future__ import annotations

from collections.abc import Mapping

STARTERS: Mapping[str, tuple[str, ...]] = {
    "Programme manager": (
        "Our programme paired us with a hospital on another record system two hours away. "
        "Is this worth our time?",
        "What should a blueprint contain so that people use it?",
        "How do we plan for what stays when the money ends?",
    ),
    "Chief information officer": (
        "Our supplier offers reference sites. What do they tell us, and what not?",
        "My two best people hold all our outside contacts. What is the risk?",
        "We are far behind. Does copying a leader work for us?",
    ),
    "Clinical lead": (
        "Do peer review visits improve anything?",
        "I came back from a visit full of ideas and nothing happened. Why?",
        "What is the difference between a community of practice and a collaborative?",
    ),
    "Network lead": (
        "Attendance is good and nothing changes at home. What now?",
        "Who is missing from my network, and how do I reach them?",
        "What makes people post in an online community, and what stops them?",
    ),
    "Policy maker": (
        "Should we mandate sharing? What happened where it was mandated?",
        "How do we stop lessons being lost when the programme closes?",
        "Who gains most when the strong are paid to help the weak?",
    ),
}
