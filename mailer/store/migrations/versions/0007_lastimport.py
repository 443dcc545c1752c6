"""What the last import changed, so that it can be taken back: clients as they were, and how far rows went.

Revision ID: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "client_before",
        sa.Column("id", sa.CHAR(32) if op.get_bind().dialect.name == "sqlite" else sa.Uuid(), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in (
                *("key", "number", "company", "contact", "salutation", "email", "phone", "line1", "line2"),
                *("city", "state", "zip"),
            )
        ),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("notice_address", sa.JSON(), nullable=True),
        sa.Column("contract", sa.String(length=20), nullable=False),
        sa.Column("notice_term", sa.Text(), nullable=False),
        sa.Column("rate_locked_until", sa.Date(), nullable=True),
        sa.Column("max_raise", sa.BigInteger(), nullable=True),
        sa.Column("min_months_between", sa.Integer(), nullable=True),
        sa.Column("only_at_renewal", sa.Boolean(), nullable=False),
        sa.Column("renewal", sa.Date(), nullable=True),
        sa.Column("last_raised", sa.Date(), nullable=True),
        sa.Column("terms_from", sa.Date(), nullable=True),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("newsletter", sa.Boolean(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("email_key", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("first_imported", sa.Date(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_before")),
    )
    op.create_table(
        "last_import",
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_rate", sa.Integer(), nullable=False),
        sa.Column("last_former", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("written_at", name=op.f("pk_last_import")),
    )


def downgrade() -> None:
    raise NotImplementedError("a ledger is not taken apart; restore a backup")
