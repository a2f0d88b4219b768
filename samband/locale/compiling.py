"""Compile every catalogue that is newer than what was compiled from it: `python -m samband.locale.compiling`."""

import os

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from . import HERE, TRANSLATED


def compile_changed() -> None:
    """Write the .mo files gettext reads; a reader never sees half of one."""
    for language in TRANSLATED:
        source = HERE / language / "LC_MESSAGES" / "django.po"
        target = source.with_suffix(".mo")
        if not source.exists() or (target.exists() and target.stat().st_mtime >= source.stat().st_mtime):
            continue
        with open(source, "rb") as file:
            catalogue = read_po(file, locale=language)
        partial = target.with_suffix(f".{os.getpid()}")
        with open(partial, "wb") as file:
            write_mo(file, catalogue)
        partial.replace(target)


if __name__ == "__main__":
    compile_changed()
