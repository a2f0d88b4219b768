"""Parameters that several operations share."""

from typing import Annotated

from ninja import Query
from pydantic import StringConstraints

Skus = Annotated[
    list[Annotated[str, StringConstraints(min_length=1, max_length=64)]],
    Query(min_length=1, max_length=100, description="A SKU; repeatable."),
]
