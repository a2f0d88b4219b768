"""Where a room asks for something only its neighbours know, the answer is plugged in here."""


def plug_in() -> None:
    """Plug every room's questions into the rooms that can answer them."""
