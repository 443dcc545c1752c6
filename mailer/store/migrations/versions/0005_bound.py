"""What events bind: a salt for each client, and the approval's moment as its event has it.

The rows that an older mailer had bound by no event are adopted afterwards, in the same transaction
(mailer.store.record.adoption).

Revision ID: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_RANDOM = {
    "sqlite": "lower(hex(randomblob(16)))",
    "postgresql": "replace(gen_random_uuid()::text, '-', '')",
}


def upgrade() -> None:
    op.add_column("client", sa.Column("salt", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.execute(f"UPDATE client SET salt = {_RANDOM[op.get_bind().dialect.name]}")  # noqa: S608 (of the above)
    op.execute(
        "UPDATE mailing SET approved_at = (SELECT max(event.recorded_at) FROM event "
        "WHERE event.subject = mailing.subject AND event.kind = 'mailing.approved') "
        "WHERE approved_at IS NOT NULL"
    )


def downgrade() -> None:
    raise NotImplementedError("a ledger is not taken apart; restore a backup")
