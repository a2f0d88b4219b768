"""What the illustrator says no to."""

from samband.kernel.refusal import Refusal


class UnknownPicture(Refusal):
    """There is no such picture in the repertoire."""

    code = "unknown_picture"
    status = 404

    def __init__(self, asked: str, value: object) -> None:
        """`asked` names the argument that was wrong: kind, look, colour, place or department."""
        super().__init__(f"no picture with {asked} {value!r:.80}", asked=asked)
