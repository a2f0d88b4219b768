"""What can be asked without counting."""

from django.conf import settings
from django.db import connection

from samband.kernel.clock import now

from . import rules


def left(what: str, who: str, most: int) -> int:
    """How many tries of this kind `who` still has; none left is 0."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select spent from tries_tried where who = %s::bytea and over_at > %s::timestamptz",
            [rules.whose(settings.SECRET_KEY.encode(), what, who), now()],
        )
        row = cursor.fetchone()
    return max(most - row[0], 0) if row else most
