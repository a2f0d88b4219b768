"""With which secret another shop signs what it tells us. It is never kept in the database."""

import os
import re
from collections.abc import Iterator

from django.conf import settings

from samband.customers.touchpoints import queries as touchpoints

_NAME = re.compile(r"[a-z0-9_]{1,60}")


def setting_of(slug: str) -> str:
    """The setting in which a webhook source's secret stands. Raises UnknownSource."""
    return f"SAMBAND_HOOK_{_name(slug).upper()}"


def secrets_of(slug: str) -> Iterator[bytes]:
    """The secrets, several while one is changed for another: a line each. Raises UnknownSource.

    They stand in the environment, or in the file secrets/hook_<name> of SAMBAND_HOME; the name is what the source says
    its secret is called, else its own.
    """
    name = _name(slug)
    if _NAME.fullmatch(name):
        text = os.environ.get(setting_of(slug)) or _kept(f"hook_{name}")
        yield from (line.strip().encode() for line in text.splitlines() if line.strip())


def _name(slug: str) -> str:
    return re.sub(r"[-.]", "_", (touchpoints.secret_ref(slug) or slug).lower())


def _kept(file: str) -> str:
    try:
        return (settings.HOME / "secrets" / file).read_text()
    except OSError:
        return ""
