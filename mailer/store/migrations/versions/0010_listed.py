"""The row of a list that a client is as, by a digest, so that the same row is not read again.

Revision ID: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("client", "client_before"):
        op.add_column(table, sa.Column("listed", sa.Text(), nullable=False, server_default=sa.text("''")))


def downgrade() -> None:
    raise NotImplementedError("a ledger is not taken apart; restore a backup")
