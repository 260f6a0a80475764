"""`GET /api/evidence` and `GET /api/gaps`: studies, findings and counts as JSON, and the gap map."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from assistant import wire
from assistant.domain.advice import ReachCount
from assistant.domain.atlas import EvidenceFilter, EvidenceView, GapMap, MapCell, Side, StudyEntry
from assistant.security.sanitising import plain_text
from assistant.web.schemas import ERRORS

if TYPE_CHECKING:
    from assistant.engine import Assistant

Short = Annotated[str, Field(default="", max_length=100)]
Year = Annotated[str, Field(default="", pattern=r"^\d{0,4}$")]


class EvidenceQuery(BaseModel):
    """What may be asked of the evidence; a side that is left out is left open."""

    model_config = ConfigDict(extra="forbid")

    mechanism: Short
    factor: Short
    level: Short
    polarity: Short
    kind: Short
    place: Short
    since: Year
    until: Year
    domain: Short
    study: Short
    finding: Short
    words: Annotated[str, Field(default="", max_length=300, description="Free text: lists, counts nothing.")]
    page: Annotated[int, Field(default=1, ge=1, le=10_000)]

    def as_filter(self) -> EvidenceFilter:
        """The filter that was asked for. Raises InputError for characters that are not text."""
        given = self.model_dump(exclude={"page"})
        return EvidenceFilter(**{side: plain_text(value, what=side) for side, value in given.items()})


def evidence_router(assistant: Assistant) -> APIRouter:
    """The routes that show what is held, and what is not."""
    router = APIRouter(prefix="/api", responses=ERRORS, tags=["evidence"])

    @router.get(
        "/evidence",
        summary="Studies and findings that meet a filter, and how far they reach",
        response_class=JSONResponse,
    )
    async def evidence(asked: Annotated[EvidenceQuery, Query()]) -> Response:
        chosen = asked.as_filter()
        view = await run_in_threadpool(lambda: assistant.evidence.view(chosen, page=asked.page))
        return Response(wire.dumps(view_json(view)), media_type="application/json")

    @router.get(
        "/gaps",
        summary="The gap map: every mechanism against every factor or level",
        response_class=JSONResponse,
    )
    async def gaps(by: Side = Side.FACTOR) -> Response:
        drawn = await run_in_threadpool(lambda: assistant.evidence.map(by))
        return Response(wire.dumps(map_json(drawn)), media_type="application/json")

    return router


def view_json(view: EvidenceView) -> dict[str, Any]:
    """One page of studies with their findings. `reach` is null where words were searched for."""
    return {
        "filter": view.filter.given(),
        "left_out": list(view.unknown),
        "page": view.page,
        "pages": view.pages,
        "found": {"studies": view.found_studies, "findings": view.found_findings},
        "reach": _reach_json(view.reach) if view.reach else None,
        "studies": [_study_json(entry) for entry in view.studies],
    }


def _reach_json(reach: ReachCount) -> dict[str, Any]:
    return {
        "studies": list(reach.studies),
        "evidence_groups": list(reach.groups),
        "findings": list(reach.findings),
        "firm": reach.firm,
        "by_polarity": dict(reach.by_polarity),
        "negative": list(reach.negative),
        "participants": reach.participants,
        "groups_with_participants": reach.groups_with_participants,
        "unread": list(reach.unread),
    }


def _study_json(entry: StudyEntry) -> dict[str, Any]:
    """A study's record. The words of one that may not be quoted are left out; its findings keep their ids."""
    study = entry.study
    return {
        **wire.plain(asdict(study)),
        "findings": [
            {
                "id": found.finding.id,
                "statement": found.finding.statement if study.citable else None,
                "kind": found.finding.kind,
                "counted": found.counted,
                "locator": found.finding.locator,
                "seen": found.finding.seen,
                "coding": wire.plain(asdict(found.finding.coding)),
                "second_coding": wire.plain(asdict(found.finding.second_coding))
                if found.finding.second_coding
                else None,
                "used_by": [
                    {"as": use.how.value, "name": use.name, "detail": use.detail} for use in found.uses
                ],
            }
            for found in entry.findings
        ],
        "other_findings": entry.others,
    }


def map_json(drawn: GapMap) -> dict[str, Any]:
    """The map, row by row; each cell counts bodies of evidence."""
    return {
        "by": drawn.side.value,
        "columns": [{"id": head.id, "name": head.name} for head in drawn.columns],
        "evidence_groups": drawn.groups,
        "findings": drawn.findings,
        "asked_not_answered": drawn.asked,
        "rows": [
            {
                "mechanism": row.head.id,
                "name": row.head.name,
                "all": _cell_json(row.whole),
                "cells": [_cell_json(cell) for cell in row.cells],
            }
            for row in drawn.rows
        ],
    }


def _cell_json(cell: MapCell) -> dict[str, Any]:
    return {
        "column": cell.column,
        "state": cell.state.value,
        "evidence_groups": len(cell.groups),
        "firm": cell.firm,
        "by_polarity": dict(cell.by_polarity),
        "without_effect": list(cell.without_effect),
        "unread": list(cell.unread),
        "asked_not_answered": cell.asked,
        "findings": list(cell.findings),
    }
