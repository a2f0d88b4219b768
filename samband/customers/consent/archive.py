"""The texts that were shown, each kept once and for ever."""

from collections.abc import Collection

from django.db import connection

from samband.kernel.clock import now

Text = tuple[str, str, str, str]
"""What it is about, its language, its version and its words."""

_FIND = """
select w.about, w.language, w.version, w.text, w.id
from unnest(%s::text[], %s::text[], %s::text[], %s::text[]) as told (about, language, version, text)
join consent_wording w on (w.about, w.language, w.version, md5(w.text))
                        = (told.about, told.language, told.version, md5(told.text))
"""
_KEEP = """
insert into consent_wording (about, language, version, text, own, by, made_at)
select about, language, version, text, false, '', %s::timestamptz
from unnest(%s::text[], %s::text[], %s::text[], %s::text[]) as told (about, language, version, text)
order by about, language, version, text on conflict do nothing
"""


def keep(texts: Collection[Text]) -> dict[Text, int]:
    """The numbers of these texts, which are kept from now on. Read first, for nearly always they are known."""
    known = _known(texts)
    if missing := [text for text in texts if text not in known]:
        with connection.cursor() as cursor:
            cursor.execute(_KEEP, [now(), *_columns(missing)])
        known |= _known(missing)
    return known


def _known(texts: Collection[Text]) -> dict[Text, int]:
    if not texts:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_FIND, _columns(texts))
        return {(about, language, version, text): number for about, language, version, text, number in cursor}


def _columns(texts: Collection[Text]) -> list[list[str]]:
    return [list(column) for column in zip(*texts, strict=True)]
