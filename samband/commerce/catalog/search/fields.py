"""The shape of the index. A change of shape gives it another fingerprint, and the index is built anew."""

import hashlib
from dataclasses import dataclass

from tantivy import Index, Schema, SchemaBuilder, TextAnalyzerBuilder, Tokenizer

from samband.kernel.languages import LANGUAGES

SHAPE = 2
"""To be raised when documents are made differently although the fields stay."""

WORDS = "words"
FOR_GOOD = 1 << 62
"""Stands for «no end» among moments in microseconds."""


@dataclass(frozen=True)
class Shape:
    """Which prices and channels the index knows; each has fields of its own, because one can only sort by a field."""

    markets: tuple[str, ...]
    channels: tuple[str, ...]

    @property
    def fingerprint(self) -> str:
        told = repr((SHAPE, self.markets, self.channels, tuple(LANGUAGES)))
        return hashlib.blake2b(told.encode(), digest_size=8).hexdigest()

    def has_price(self, market: str, channel: str) -> bool:
        return market in self.markets and channel in self.channels


def price_field(market: str, channel: str) -> str:
    return f"price_{market}_{channel}"


def build_schema(shape: Shape) -> Schema:
    """Words are folded and cut before they come here, so every text field takes them as they are."""
    builder = SchemaBuilder()
    builder.add_text_field("id", tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("id_high", fast=True)
    builder.add_unsigned_field("id_low", fast=True)
    for language in LANGUAGES:
        builder.add_text_field(f"name_{language}", tokenizer_name=WORDS, index_option="freq")
        builder.add_text_field(f"stem_{language}", tokenizer_name=WORDS, index_option="freq")
        builder.add_text_field(f"body_{language}", tokenizer_name=WORDS, index_option="freq")
        builder.add_text_field(f"said_{language}", stored=True, tokenizer_name=WORDS, index_option="basic")
        builder.add_text_field(f"sort_{language}", fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("any", tokenizer_name=WORDS, index_option="freq")
    builder.add_text_field("code", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("category", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("facet", fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_json_field("number", fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("newest", fast=True)
    for channel in shape.channels:
        builder.add_integer_field(f"from_{channel}", fast=True)
        builder.add_integer_field(f"until_{channel}", fast=True)
        for market in shape.markets:
            builder.add_integer_field(price_field(market, channel), fast=True)
    return builder.build()


def teach(index: Index) -> Index:
    """Register how texts are cut."""
    index.register_tokenizer(WORDS, TextAnalyzerBuilder(Tokenizer.whitespace()).build())
    return index
