"""Shopify's exports of products, customers and orders, told apart by their headers, in any order."""

from .taking_over import SOURCE, import_shopify, rejects_of

__all__ = ["SOURCE", "import_shopify", "rejects_of"]
