"""A profile as plain JSON data and back. What was stored is checked when it is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assistant.domain.advice import ConditionReading, Profile, Source
from assistant.domain.documents import Span
from assistant.domain.framework import FactorLevel


def readings_to_data(profile: Profile) -> list[dict[str, Any]]:
    """Every reading as a plain object, in order of factor."""
    return [
        {
            "factor": reading.factor,
            "state": reading.state.value,
            "because": list(reading.because),
            "confidence": reading.confidence,
            "value": reading.value,
            "source": reading.source.value,
            "spans": [[span.start, span.end] for span in reading.spans],
            "note": reading.note,
        }
        for reading in sorted(profile.readings.values(), key=lambda reading: reading.factor)
    ]


def profile_from_data(data: Sequence[Mapping[str, Any]]) -> Profile:
    """The profile again. Raises ValueError, KeyError or TypeError for data of another shape."""
    readings = (
        ConditionReading(
            factor=str(entry["factor"]),
            state=FactorLevel(entry["state"]),
            because=tuple(map(str, entry["because"])),
            confidence=float(entry["confidence"]),
            value=float(entry["value"]),
            source=Source(entry["source"]),
            spans=tuple(Span(int(start), int(end)) for start, end in entry.get("spans", ())),
            note=str(entry.get("note", "")),
        )
        for entry in data
    )
    return Profile({reading.factor: reading for reading in readings})
