"""The hash of a piece may have its kind before it. SQLite holds no text to its length.

Revision ID: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in ("piece", "submission"):
            op.alter_column(table, "sha256", type_=sa.String())


def downgrade() -> None:
    raise NotImplementedError("a ledger is not taken apart; restore a backup")
