"""Why Samband's own PostgreSQL could not be had. Each message says what to do about it."""


class PostgresError(Exception):
    """The embedded database cannot be used; the message is fit to be shown to whoever typed the command."""


class PostgresMissing(PostgresError):
    """No PostgreSQL of a usable version is on this machine."""


class PostgresVersionDiffers(PostgresError):
    """The data were written by a major version whose binaries are not at hand."""


class PostgresNotYours(PostgresError):
    """The cluster belongs to another account of this machine."""


class PostgresFailed(PostgresError):
    """PostgreSQL was found and asked, and did not do it; the message carries what it said."""
