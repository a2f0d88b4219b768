"""The five languages' texts: one catalogue each, gathered from the templates and the code, compiled where they are used."""

from pathlib import Path

HERE = Path(__file__).resolve().parent
TRANSLATED = ("is", "pl", "lv", "el")
