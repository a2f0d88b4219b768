"""What the illustrator says no to."""


class UnknownPicture(ValueError):
    """Asked for a picture that is not in the repertoire. `asked` names the argument that was wrong."""

    code = "unknown_picture"

    def __init__(self, asked: str, value: object) -> None:
        super().__init__(f"no picture with {asked} {value!r:.80}")
        self.asked = asked
        self.value = value
