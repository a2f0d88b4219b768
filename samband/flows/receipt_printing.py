"""Receipts and reports as ESC/POS: the bytes that the printer beside a till understands."""

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from escpos.printer import Dummy  # type: ignore[import-untyped]  # it brings no types

from samband.kernel.refusal import Invalid

from . import receipts
from .receipts import Receipt

NARROWEST, USUAL, WIDEST = 24, 48, 80
"""How many letters fit on a line: 32 on paper of 58 mm, 48 on paper of 80 mm."""


def printed(receipt: Receipt, width: int = USUAL) -> bytes:
    """A receipt. `width` is how many letters fit on a line (24 to 80). Raises Invalid."""
    paper = _Paper(width)
    said = receipts.written(receipt)
    words = said["texts"]
    paper.heading(said["store"]["name"])
    for line in said["store"]["address"]:
        paper.middle(line)
    paper.rule()
    paper.pair(f"{words['receipt']} {said['number']}", said["at"])
    if said["cashier"]:
        paper.pair(words["served_by"], said["cashier"])
    if said["offline"]:
        paper.left(words["offline"])
    paper.rule()
    for line in said["lines"]:
        paper.left(line["name"])
        paper.pair(f"  {line['quantity']} × {line['unit']}", line["total"])
        if line["discount"]:
            paper.pair(f"  {words['discount']}", line["discount"])
    paper.rule()
    for name in ("discount", "shipping"):
        if said[name]:
            paper.pair(words["delivery" if name == "shipping" else name], said[name])
    paper.strong(words["total"], said["total"])
    for one in said["vat"]:
        paper.pair(f"{words['vat']} {one['rate']} ({words['net']} {one['net']})", one["vat"])
    paper.rule()
    for one in said["tenders"]:
        paper.pair(one["name"], one["amount"])
        for name in ("given", "change"):
            if one[name]:
                paper.pair(f"  {words[name]}", one[name])
    for part in said["parts"]:
        paper.rule()
        paper.pair(" ".join(filter(None, (part["kind"], part["place"]))), part["when"])
        for goods in part["goods"]:
            paper.left(f"  {goods}")
    paper.rule()
    paper.middle(words["thanks"])
    if receipt.order_id:
        paper.code(said["number"])
    return paper.cut()


def printed_report(drawer_id: UUID, language: str, width: int = USUAL) -> bytes:
    """A drawer's report. Raises NoSuchDrawer, Invalid."""
    paper = _Paper(width)
    (heading, store), *lines = receipts.report_lines(drawer_id, language)
    paper.heading(heading)
    paper.middle(store)
    paper.rule()
    for name, figure in lines:
        paper.pair(name, figure)
    return paper.cut()


class _Paper:
    """A roll of paper so many letters wide."""

    def __init__(self, width: int) -> None:
        if not NARROWEST <= width <= WIDEST:
            raise Invalid("A line has 24 to 80 letters.", fields=["width"])
        self.width = width
        self.printer = cast(Any, Dummy(profile="default"))

    def heading(self, text: str) -> None:
        self.printer.set(align="center", bold=True, double_height=True)
        for line in _wrapped(text, self.width):
            self.printer.text(f"{line}\n")
        self.printer.set(align="left", bold=False, normal_textsize=True)

    def middle(self, text: str) -> None:
        for line in _wrapped(text, self.width):
            self.printer.text(f"{line.center(self.width).rstrip()}\n")

    def left(self, text: str) -> None:
        for line in _wrapped(text, self.width):
            self.printer.text(f"{line}\n")

    def pair(self, left: str, right: str) -> None:
        """Words on the left and a figure on the right, on one line if they fit."""
        left, right = _plain(left), _plain(right)
        if len(left) + len(right) + 1 > self.width:
            self.left(left)
            left = ""
        self.printer.text(f"{left}{right.rjust(self.width - len(left))}\n")

    def strong(self, left: str, right: str) -> None:
        self.printer.set(bold=True)
        self.pair(left, right)
        self.printer.set(bold=False)

    def rule(self) -> None:
        self.printer.text("-" * self.width + "\n")

    def code(self, text: str) -> None:
        """A code by which a till finds the order again."""
        self.printer.set(align="center")
        self.printer.qr(text, native=True, size=6)
        self.printer.set(align="left")

    def cut(self) -> bytes:
        self.printer.cut()
        return bytes(self.printer.output)


def _wrapped(text: str, width: int) -> Iterable[str]:
    """The text on as many lines as it takes; a word that is too long is broken."""
    line, text = "", _plain(text)
    indent = " " * (len(text) - len(text.lstrip()))
    for word in text.split():
        while len(word) > width:
            yield word[:width]
            word = word[width:]
        longer = f"{line} {word}" if line else indent + word
        if len(longer) > width:
            yield line
            longer = word
        line = longer
    yield line


def _plain(text: str) -> str:
    """Without signs that a printer takes for orders, and with spaces that it knows."""
    spaced = text.replace("\u00a0", " ").replace("\u202f", " ").replace("\u2013", "-").replace("\u2212", "-")
    return "".join(sign for sign in spaced if sign.isprintable())
