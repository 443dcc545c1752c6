"""Addresses that stay as they were given, whatever form the post has for them.

Revision ID: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    key = sa.CHAR(32) if op.get_bind().dialect.name == "sqlite" else sa.Uuid()
    op.create_table(
        "given_form",
        sa.Column("client_id", key, nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("kept_by", sa.Text(), nullable=False),
        sa.Column("kept_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_given_form_client_id")),
        sa.PrimaryKeyConstraint("client_id", "address", name=op.f("pk_given_form")),
    )


def downgrade() -> None:
    raise NotImplementedError("a ledger is not taken apart; restore a backup")
