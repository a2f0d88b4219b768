"""Keeping this host's index up with the database. One process at a time, by a file lock; readers never wait for it.

The cursor is the catalog's version. Whoever changes a product stamps it with the version it has drawn, and versions
become visible in their order (see `Revision`), so «everything stamped above the cursor» misses nobody, however late a
transaction commits. A catch-up that is killed is done again: the state is written last, and a document replaces the one
before it.
"""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

import structlog
from fasteners import InterProcessLock  # type: ignore[import-untyped]
from tantivy import Index

from samband.kernel.ids import secret_token

from ..attributes import Definition
from ..definitions import definitions
from ..models import Product, Publication
from ..queries import version
from .documents import Writer, changed_since
from .fields import Shape, build_schema, teach
from .prices import price_tags
from .state import State, database_name, read_state, root, write_state

log = structlog.get_logger("samband.catalog")

HEAP_BYTES = 64_000_000
LOCK_FILE = "writer.lock"


def catch_up(wait: bool = True) -> bool:
    """Bring the index up with the database; build it if there is none, or none that fits. True if anything was done.

    With `wait=False` it leaves at once when another process is at it.
    """
    state = read_state()
    if state and _is_current(state, version()):
        return False
    with _alone(wait) as mine:
        return mine and _catch_up()


def rebuild() -> None:
    """Build the index anew beside the old one, then put it in its place."""
    with _alone(wait=True):
        _rebuild(_shape())


_one_thread = Lock()


@contextmanager
def _alone(wait: bool) -> Iterator[bool]:
    """Whether we are the only one now: the file lock keeps other processes out, but not our own threads."""
    if not _one_thread.acquire(blocking=wait):
        yield False
        return
    try:
        root().mkdir(parents=True, exist_ok=True)
        lock = InterProcessLock(root() / LOCK_FILE)
        mine = lock.acquire(blocking=wait)
        try:
            yield mine
        finally:
            if mine:
                lock.release()
    finally:
        _one_thread.release()


def _is_current(state: State, number: int) -> bool:
    return (state.cursor, state.database, state.price_terms) == (number, database_name(), price_tags().terms())


def _catch_up() -> bool:
    number = version()
    state = read_state()
    if state and _is_current(state, number):
        return False
    shape = _shape()
    if state is None or not _fits(state, shape, number):
        _rebuild(shape)
        return True
    try:
        caught_up = _follow(state, number)
    except (ValueError, OSError) as error:
        log.warning("search_index_damaged", error=type(error).__name__)
        caught_up = False
    if not caught_up:
        _rebuild(shape)
    return True


def _fits(state: State, shape: Shape, number: int) -> bool:
    """Whether the index can be followed up at all, rather than built anew."""
    return (
        state.fingerprint == shape.fingerprint
        and state.database == database_name()
        and state.cursor <= number
        and state.price_terms == price_tags().terms()
    )


def _follow(state: State, number: int) -> bool:
    """Replace what changed since the cursor. False if the index then does not hold as many products as there are."""
    index = teach(Index.open(str(root() / state.folder)))
    known = definitions()
    writer = Writer(state.shape, known)
    terms = price_tags().terms()
    adding = index.writer(HEAP_BYTES, 1)
    for subjects in changed_since(state.cursor):
        for subject, document in zip(subjects, writer.documents(subjects), strict=True):
            adding.delete_documents_by_term("id", subject.id.hex)
            adding.add_document(document)
    adding.commit()
    adding.wait_merging_threads()
    held = _documents(index)
    if held != Product.objects.count():
        return False
    write_state(State(state.folder, state.fingerprint, state.database, number, held, state.shape, known, terms))
    return True


def _rebuild(shape: Shape) -> None:
    number = version()
    known = definitions()
    terms = price_tags().terms()
    before = read_state()
    folder = f"index-{secret_token()[:16]}"
    path = root() / folder
    path.mkdir()
    try:
        held = _build(shape, known, path)
        write_state(State(folder, shape.fingerprint, database_name(), number, held, shape, known, terms))
    except Exception:
        shutil.rmtree(path, ignore_errors=True)  # begun again where there is no room, it would leave ever less of it
        raise
    _sweep({folder, before.folder if before else folder})
    log.info("search_index_built", documents=held)


def _build(shape: Shape, known: Mapping[str, Definition], path: Path) -> int:
    """Write every product into a new index; how many it holds."""
    index = teach(Index(build_schema(shape), path=str(path)))
    writer = Writer(shape, known)
    adding = index.writer(HEAP_BYTES, 1)
    for subjects in changed_since(-1):
        for subject, document in zip(subjects, writer.documents(subjects), strict=True):
            # A product that changes meanwhile comes round a second time.
            adding.delete_documents_by_term("id", subject.id.hex)
            adding.add_document(document)
    adding.commit()
    adding.wait_merging_threads()
    return _documents(index)


def _documents(index: Index) -> int:
    index.reload()
    return int(index.searcher().num_docs)


def _sweep(keep: set[str]) -> None:
    """Remove what killed builds left, and indexes older than the last one, which somebody may still be reading."""
    for path in root().glob("index-*"):
        if path.name not in keep:
            shutil.rmtree(path, ignore_errors=True)


def _shape() -> Shape:
    channels = Publication.objects.order_by("channel").values_list("channel", flat=True).distinct()
    return Shape(tuple(sorted(price_tags().markets())), tuple(channels))
