"""Which account of a mail service a piece was asked for under.

Revision ID: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("submission", sa.Column("account", sa.String(length=12), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("a ledger is not taken apart; restore a backup")
