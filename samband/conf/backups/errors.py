"""Why a copy cannot be made or brought back; the message is fit to be shown to whoever typed the command."""


class BackupFailed(Exception):
    """Nothing was changed, or, while a database is loaded, only that database."""
