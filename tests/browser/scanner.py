"""A scanner that pretends to be a keyboard: it types faster than anybody, and ends with Enter."""

from playwright.sync_api import Page

KEYS = """(code) => {
  const at = document.activeElement ?? document.body;
  for (const key of [...code, "Enter"])
    at.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
}"""
"""Typed within the page: on a busy machine the keyboard of a test is as slow as a person."""


def scan(page: Page, code: str) -> None:
    page.evaluate(KEYS, code)
