"""Mail services: the outbox, what they tell of a piece, and their checks of addresses.

Revision ID: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("piece", sa.Column("delivered_on", sa.Date(), nullable=True))
    op.add_column("piece", sa.Column("address", sa.JSON(), nullable=True))
    op.add_column("piece", sa.Column("certified", sa.Text(), nullable=True))
    op.add_column("piece", sa.Column("again_of", sa.Integer(), nullable=True))
    op.create_table(
        "submission",
        sa.Column("piece_id", sa.Uuid(), nullable=False),
        sa.Column("mailing_id", sa.Uuid(), nullable=False),
        sa.Column("service", sa.String(length=20), nullable=False),
        sa.Column("send_key", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("certified", sa.Boolean(), nullable=False),
        sa.Column("send_date", sa.Date(), nullable=True),
        sa.Column("cost", sa.BigInteger(), nullable=True),
        sa.Column("sender", sa.BigInteger(), nullable=True),
        sa.Column("first_tried", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_tried", sa.DateTime(timezone=True), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expected", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["mailing_id"], ["mailing.id"], name=op.f("fk_submission_mailing_id")),
        sa.ForeignKeyConstraint(["piece_id"], ["piece.id"], name=op.f("fk_submission_piece_id")),
        sa.PrimaryKeyConstraint("piece_id", name=op.f("pk_submission")),
        sa.UniqueConstraint("provider_id", name=op.f("uq_submission_provider_id")),
        sa.UniqueConstraint("send_key", name=op.f("uq_submission_send_key")),
    )
    op.create_index(
        op.f("ix_submission_mailing_id_accepted_at"),
        "submission",
        ["mailing_id", "accepted_at"],
        unique=False,
    )
    op.create_table(
        "tracking",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=False),
        sa.Column("piece_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("provider_kind", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_by", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["piece_id"], ["piece.id"], name=op.f("fk_tracking_piece_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tracking")),
    )
    op.create_index(op.f("ix_tracking_piece_id"), "tracking", ["piece_id"], unique=False)
    op.create_index(op.f("ix_tracking_provider_id"), "tracking", ["provider_id"], unique=False)
    op.create_table(
        "address_check",
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("service", sa.String(length=20), nullable=False),
        sa.Column("deliverability", sa.Text(), nullable=False),
        sa.Column("dpv", sa.Text(), nullable=False),
        sa.Column("suggestion", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_address_check_client_id")),
        sa.PrimaryKeyConstraint("client_id", "address", name=op.f("pk_address_check")),
    )
    op.create_table(
        "correction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("notice", sa.Boolean(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("corrected_by", sa.Text(), nullable=False),
        sa.Column("corrected_on", sa.Date(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_correction_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    op.create_index(op.f("ix_correction_client_id"), "correction", ["client_id"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("a ledger is not taken apart; restore a backup")
