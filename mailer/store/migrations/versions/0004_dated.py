"""Agreements with their days, why a letter came back, and addresses that were wrong when it went.

Revision ID: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("client", sa.Column("terms_from", sa.Date(), nullable=True))
    op.add_column("client", sa.Column("last_raised", sa.Date(), nullable=True))
    op.create_table(
        "former_terms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("contract", sa.String(length=20), nullable=False),
        sa.Column("notice_term", sa.Text(), nullable=False),
        sa.Column("rate_locked_until", sa.Date(), nullable=True),
        sa.Column("max_raise", sa.BigInteger(), nullable=True),
        sa.Column("min_months_between", sa.Integer(), nullable=True),
        sa.Column("only_at_renewal", sa.Boolean(), nullable=False),
        sa.Column("renewal", sa.Date(), nullable=True),
        sa.Column("last_raised", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name="fk_former_terms_client_id"),
        sa.PrimaryKeyConstraint("id", name="pk_former_terms"),
    )
    op.create_index(op.f("ix_former_terms_client_id"), "former_terms", ["client_id"], unique=False)
    op.add_column("piece", sa.Column("return_reason", sa.String(length=20), nullable=True))
    op.add_column("piece", sa.Column("misaddressed_on", sa.Date(), nullable=True))
    op.add_column("piece", sa.Column("of_record", sa.Boolean(), nullable=True))
    op.add_column("correction", sa.Column("wrong_since", sa.Date(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("a ledger is not taken apart; restore a backup")
