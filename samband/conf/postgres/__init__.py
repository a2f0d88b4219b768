"""Samband's own PostgreSQL, kept under SAMBAND_HOME: brought, started, shared and stopped by the program itself.

Everything lies in the directory `postgres` of the home. See docs/decisions/0002-embedded-postgresql.md.
"""

from samband.conf.postgres.cluster import Cluster, ensure_running, stop, stop_if_last, using
from samband.conf.postgres.errors import (
    PostgresError,
    PostgresFailed,
    PostgresMissing,
    PostgresNotYours,
    PostgresVersionDiffers,
)
from samband.conf.postgres.keeping import keep

__all__ = [
    "Cluster",
    "PostgresError",
    "PostgresFailed",
    "PostgresMissing",
    "PostgresNotYours",
    "PostgresVersionDiffers",
    "ensure_running",
    "keep",
    "stop",
    "stop_if_last",
    "using",
]
