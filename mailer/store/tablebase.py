"""What all tables have in common: names of constraints, so that a migration can name them on every database,
and how each type of Python is stored. Take `Base` from mailer.store.tables, which has the tables.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import JSON, MetaData, Text
from sqlalchemy.orm import DeclarativeBase

from mailer.store.types import Amount, Key, UtcDateTime, Words

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text,
        UUID: Key,
        datetime: UtcDateTime,
        Decimal: Amount,
        dict[str, Any]: JSON(none_as_null=True),
        list[str]: JSON,
        tuple[str, ...]: Words,
    }
