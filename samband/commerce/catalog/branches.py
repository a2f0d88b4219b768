"""The category tree as a mapping from child to parent."""

from collections.abc import Iterator, Mapping


def upwards(slug: str, parents: Mapping[str, str | None]) -> Iterator[str]:
    """The slug and everything above it, nearest first. Ends even in a tree that is broken."""
    seen: set[str] = set()
    step: str | None = slug
    while step is not None and step not in seen:
        seen.add(step)
        yield step
        step = parents.get(step)


def would_loop(slug: str, parent: str | None, parents: Mapping[str, str | None]) -> bool:
    """Whether hanging the slug below this parent would put it below itself."""
    return parent is not None and slug in upwards(parent, parents)


def below(slug: str, parents: Mapping[str, str | None]) -> set[str]:
    """The slug and everything below it."""
    return {other for other in parents if slug in upwards(other, parents)} | {slug}
