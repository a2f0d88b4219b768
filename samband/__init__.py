"""Samband: one customer, one stock, one price and one conversation on every channel."""

__version__ = "0.4.0"
