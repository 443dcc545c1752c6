"""The kinds of agreement between a client and the firm."""

from __future__ import annotations

from enum import StrEnum


class ContractKind(StrEnum):
    """Which agreement the client has with the firm."""

    MANAGED = "managed"  # a managed-services agreement; its notice term must be known
    NONE = "none"  # no written agreement: the firm's own house rule applies
    OWN_TERMS = "own-terms"  # an agreement on the client's own paper; its notice term must be known
