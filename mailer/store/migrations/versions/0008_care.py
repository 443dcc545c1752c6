"""How clients are treated whatever a list says: marked by hand, and merged.

Revision ID: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    key = sa.CHAR(32) if op.get_bind().dialect.name == "sqlite" else sa.Uuid()
    op.create_table(
        "care",
        sa.Column("id", key, nullable=False),
        sa.Column("client_id", key, nullable=False),
        sa.Column("mark", sa.String(length=20), nullable=False),
        sa.Column("kept_id", key, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("marked_by", sa.Text(), nullable=False),
        sa.Column("marked_on", sa.Date(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_care_client_id")),
        sa.ForeignKeyConstraint(["kept_id"], ["client.id"], name=op.f("fk_care_kept_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care")),
    )
    op.create_index(op.f("ix_care_client_id"), "care", ["client_id"])


def downgrade() -> None:
    raise NotImplementedError("a ledger is not taken apart; restore a backup")
