"""Five languages: English in the code, and a catalogue for each other, gathered from it and compiled for use."""

from pathlib import Path

HERE = Path(__file__).resolve().parent
TRANSLATED = ("is", "pl", "lv", "el")
