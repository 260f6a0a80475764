"""Relationships of one owner at a time, and where each lay on the two axes from which day on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from assistant.domain.monitoring import PlaceOn, Relationship, Strength
from assistant.store.database import Database
from assistant.store.tables import PlaceRow, RelationshipRow


class Relationships:
    """Where relationships are kept."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, owner: str, relationships: Iterable[Relationship], day: date) -> None:
        """Add or change relationships by id, all or none; where each lies now is noted from `day` on.

        Raises StorageError, also for an id that belongs to another owner.
        """
        with self._database.writing() as session:
            for relationship in relationships:
                _put(session, owner, relationship, day)

    def of(self, owner: str) -> tuple[Relationship, ...]:
        """All relationships of an owner, by partner."""
        order = (func.lower(RelationshipRow.partner), RelationshipRow.id)
        mine = select(RelationshipRow).where(RelationshipRow.owner == owner).order_by(*order)
        with self._database.reading() as session:
            return tuple(map(_value, session.scalars(mine)))

    def places(self, owner: str) -> tuple[PlaceOn, ...]:
        """Every place that was noted for an owner's relationships, oldest first."""
        mine = (
            select(PlaceRow)
            .join(RelationshipRow, RelationshipRow.id == PlaceRow.relationship_id)
            .where(RelationshipRow.owner == owner)
            .order_by(PlaceRow.day, PlaceRow.relationship_id)
        )
        with self._database.reading() as session:
            return tuple(map(_place, session.scalars(mine)))

    def remove(self, owner: str, relationship_id: str) -> bool:
        """Forget a relationship and its places; True if there was one."""
        mine = (RelationshipRow.id == relationship_id, RelationshipRow.owner == owner)
        with self._database.writing() as session:
            return bool(
                session.execute(delete(RelationshipRow).where(*mine).returning(RelationshipRow.id)).all()
            )


def _put(session: Session, owner: str, relationship: Relationship, day: date) -> None:
    mine = select(RelationshipRow).where(
        RelationshipRow.id == relationship.id, RelationshipRow.owner == owner
    )
    row = session.scalars(mine).one_or_none()
    if row is None:
        row = RelationshipRow(id=relationship.id, owner=owner, places=[])
        session.add(row)
    for name in ("partner", "kind", "formality", "origin", "since", "product", "purpose", "holder", "ended"):
        setattr(row, name, getattr(relationship, name))
    row.strength = relationship.strength.value
    _note_place(row, day)


def _note_place(row: RelationshipRow, day: date) -> None:
    """Note where it lies now, unless the latest place says the same; later places fall away."""
    row.places = [place for place in row.places if place.day <= day]
    here = (row.formality, row.origin, row.strength)
    latest = row.places[-1] if row.places else None
    if latest and (latest.formality, latest.origin, latest.strength) == here:
        return
    if latest and latest.day == day:
        latest.formality, latest.origin, latest.strength = here
        return
    # A relationship that is told of for the first time has lain there since it began.
    first = row.since if not row.places and row.since and row.since < day else day
    row.places.append(PlaceRow(day=first, formality=here[0], origin=here[1], strength=here[2]))


def _value(row: RelationshipRow) -> Relationship:
    return Relationship(
        id=row.id,
        partner=row.partner,
        kind=row.kind,
        formality=row.formality,
        origin=row.origin,
        since=row.since,
        strength=Strength(row.strength),
        product=row.product,
        purpose=row.purpose,
        holder=row.holder,
        ended=row.ended,
    )


def _place(row: PlaceRow) -> PlaceOn:
    return PlaceOn(
        relationship_id=row.relationship_id,
        day=row.day,
        formality=row.formality,
        origin=row.origin,
        strength=Strength(row.strength),
    )
