"""Writing the words in which people are asked. What was shown before stays as it was shown."""

from collections.abc import Mapping

from django.db import connection, transaction

from samband.events.consent import WordingWritten
from samband.kernel.clock import now
from samband.kernel.languages import LANGUAGES
from samband.kernel.refusal import Invalid
from samband.timeline import record

from . import wordings

LONGEST = 1_000

# One at a time for a text, or two at once would both be the same version.
_ALONE = "select pg_advisory_xact_lock(hashtextextended(%s, 11))"
_NEXT = "select count(distinct version) + 1 from consent_wording where own and about = %s"
_WRITE = """
insert into consent_wording (about, language, version, text, own, by, made_at)
select %s, language, %s, text, true, %s, %s::timestamptz from unnest(%s::text[], %s::text[]) as told (language, text)
order by language
"""


@transaction.atomic(savepoint=False)
def write_wording(about: str, texts: Mapping[str, str], *, by: str) -> WordingWritten:
    """Ask with these words from now on, by language; an empty or missing text is asked with the shipped one.

    Raises Invalid for what nobody is asked about, a language there is not, or a text that is too long.
    """
    if about not in wordings.SHIPPED or set(texts) - set(LANGUAGES):
        raise Invalid("There is no such wording.")
    clean = {language: " ".join(texts.get(language, "").split()) for language in LANGUAGES}
    if any(len(text) > LONGEST or "\x00" in text for text in clean.values()):
        raise Invalid("That wording is too long.", field="text", most=LONGEST)
    with connection.cursor() as cursor:
        cursor.execute(_ALONE, [about])
        cursor.execute(_NEXT, [about])
        version = f"own {cursor.fetchone()[0]}"
        cursor.execute(_WRITE, [about, version, by, now(), list(clean), list(clean.values())])
    wordings.forget()
    written = WordingWritten(topic=about, version=version)
    record(written)
    return written
