"""The first tables: facts, diagnoses, relationships, trials, pairs, refusals. Never changed again."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_ID = sa.String(32)
_OWNER = sa.String(64)


def upgrade() -> None:
    """Make the tables."""
    facts = op.create_table(
        "store_facts",
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_store_facts"),
    )
    # Made once, under the lock of the migration, so that all processes hash people alike.
    op.bulk_insert(facts, [{"key": "salt", "value": secrets.token_hex(16)}])
    _diagnoses()
    _relationships()
    op.create_table(
        "trials",
        sa.Column("id", _ID, nullable=False),
        sa.Column("owner", _OWNER, nullable=False),
        sa.Column("mechanism_id", sa.String(100), nullable=False),
        sa.Column("started", sa.Date(), nullable=False),
        sa.Column("leading_sign", sa.String(12), nullable=False),
        sa.Column("checked_on", sa.Date()),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("ended", sa.Date()),
        sa.PrimaryKeyConstraint("id", name="pk_trials"),
    )
    op.create_index("ix_trials_owner", "trials", ["owner"])
    op.create_table(
        "pairs",
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("owner", _OWNER, nullable=False),
        sa.Column("label", sa.String(200), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("first", sa.JSON(none_as_null=True)),
        sa.Column("second", sa.JSON(none_as_null=True)),
        sa.PrimaryKeyConstraint("code", name="pk_pairs"),
    )
    op.create_index("ix_pairs_owner", "pairs", ["owner"])
    op.create_table(
        "refusals",
        sa.Column("mechanism_id", sa.String(100), nullable=False),
        sa.Column("factor_id", sa.String(100), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("mechanism_id", "factor_id", name="pk_refusals"),
    )


def _diagnoses() -> None:
    op.create_table(
        "diagnoses",
        sa.Column("id", _ID, nullable=False),
        sa.Column("owner", _OWNER, nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("label", sa.String(200), nullable=False),
        sa.Column("situation", sa.Text(), nullable=False),
        sa.Column("readings", sa.JSON(), nullable=False),
        sa.Column("shown", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_diagnoses"),
    )
    op.create_index("ix_diagnoses_owner", "diagnoses", ["owner"])
    op.create_table(
        "diagnosis_answers",
        sa.Column("diagnosis_id", _ID, nullable=False),
        sa.Column("question_id", sa.String(100), nullable=False),
        sa.Column("level", sa.String(4), nullable=False),
        sa.PrimaryKeyConstraint("diagnosis_id", "question_id", name="pk_diagnosis_answers"),
        sa.ForeignKeyConstraint(
            ["diagnosis_id"],
            ["diagnoses.id"],
            name="fk_diagnosis_answers_diagnosis_id",
            ondelete="CASCADE",
        ),
        sa.CheckConstraint("level IN ('low', 'mid', 'high')", name="ck_diagnosis_answers_level"),
    )


def _relationships() -> None:
    op.create_table(
        "relationships",
        sa.Column("id", _ID, nullable=False),
        sa.Column("owner", _OWNER, nullable=False),
        sa.Column("partner", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(200), nullable=False),
        sa.Column("formality", sa.Float(), nullable=False),
        sa.Column("origin", sa.Float(), nullable=False),
        sa.Column("since", sa.Date()),
        sa.Column("strength", sa.String(10), nullable=False),
        sa.Column("product", sa.String(200), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("holder", sa.String(400), nullable=False),
        sa.Column("ended", sa.Date()),
        sa.PrimaryKeyConstraint("id", name="pk_relationships"),
        sa.CheckConstraint("formality BETWEEN 0 AND 1", name="ck_relationships_formality"),
        sa.CheckConstraint("origin BETWEEN 0 AND 1", name="ck_relationships_origin"),
    )
    op.create_index("ix_relationships_owner", "relationships", ["owner"])
    op.create_table(
        "relationship_places",
        sa.Column("relationship_id", _ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("formality", sa.Float(), nullable=False),
        sa.Column("origin", sa.Float(), nullable=False),
        sa.Column("strength", sa.String(10), nullable=False),
        sa.PrimaryKeyConstraint("relationship_id", "day", name="pk_relationship_places"),
        sa.ForeignKeyConstraint(
            ["relationship_id"],
            ["relationships.id"],
            name="fk_relationship_places_relationship_id",
            ondelete="CASCADE",
        ),
    )
