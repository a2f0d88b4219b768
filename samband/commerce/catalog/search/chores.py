"""What has to be looked after now and then."""

from samband.timeline.chores import every

from .indexing import catch_up


@every(1.0)
def keep_search_up() -> None:
    """Bring this host's index up with the database, unless another process here is at it."""
    catch_up(wait=False)
