"""Which kinds of goods can be drawn, and by whom."""

from collections.abc import Callable

from samband.demo.pictures.canvas import Canvas

Drawing = Callable[[Canvas, int], None]

DRAWINGS: dict[str, tuple[str, Drawing]] = {}
LOOKS = range(1, 6)


def draws(kind: str, title: str) -> Callable[[Drawing], Drawing]:
    """Register a drawing for a kind. It gets a sheet that knows the body colour, and a look from 1 to 5."""

    def keep(drawing: Drawing) -> Drawing:
        if kind in DRAWINGS:
            raise RuntimeError(f"two drawings for {kind}")
        DRAWINGS[kind] = title, drawing
        return drawing

    return keep
