"""Text out of HTML: what a reader would see, a line for each block."""

from html.parser import HTMLParser

BLOCKS = frozenset(
    "address article aside blockquote br dd div dl dt figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main"
    " nav ol p pre section table td th tr ul".split()
)
UNSEEN = frozenset({"script", "style", "head", "template", "noscript", "iframe", "object", "svg"})


def plain_text(html: str) -> str:
    """The text without markup, scripts and styles."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.seen).split("\n"))
    return "\n".join(line for line in lines if line)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[str] = []
        self._unseen: list[str] = []

    def handle_starttag(self, tag: str, attributes: object) -> None:
        if tag in UNSEEN:
            self._unseen.append(tag)
        if tag in BLOCKS:
            self.seen.append("\n")

    def handle_startendtag(self, tag: str, attributes: object) -> None:
        if tag in BLOCKS:
            self.seen.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if self._unseen and self._unseen[-1] == tag:
            self._unseen.pop()
        if tag in BLOCKS:
            self.seen.append("\n")

    def handle_data(self, text: str) -> None:
        if not self._unseen:
            # A line break in the source is a space to the reader.
            self.seen.append(text.replace("\n", " ").replace("\r", " "))
