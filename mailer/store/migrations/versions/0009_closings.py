"""The closings known at a hand-over.

Revision ID: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("mail_drop", sa.Column("closings", sa.Text(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("a ledger is not taken apart; restore a backup")
