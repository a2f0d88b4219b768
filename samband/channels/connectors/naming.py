"""Names as a till wrote them, made fit for a shop window."""

import re
import unicodedata

LONGEST_SLUG = 100
KEPT = {
    "USB", "LED", "CD", "DVD", "UK", "BBQ", "TV", "DIY", "EU", "XL", "II", "ABC", "XMAS", "3D",
}  # fmt: skip
PROPER = {
    word.lower(): word
    for word in (
        "Christmas Xmas Easter London Paris England English French France German Japanese Scandinavian Danish Swiss "
        "Russian Indian Chinese American Moroccan Turkish Persian Egyptian Victorian Edwardian Regency Halloween "
        "Valentine Jack Union Santa Eiffel Cambridge Edinburgh Scottish Swedish Spanish Italian Monte Carlo Jubilee "
        "Dotcomgiftshop Spaceboy Dolly Charlotte Suki Jumbo Skull Tokyo Istanbul Brighton Devon Dr. Mr. Mrs."
    ).split()
    if word not in ("Jumbo", "Skull", "Monte", "Regency")
}
"""Words that keep their capital in the middle of a sentence."""

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?\.?")
_SINGLE = re.compile(r"\b([a-z])-(?=[a-z])")


def shop_name(text: str) -> str:
    """The name in sentence case if it was all capitals, without stray marks and spaces: "Red retrospot mug"."""
    clean = " ".join(text.replace("\x00", "").split()).strip("*,.;: ")
    if clean.upper() == clean:
        clean = _WORD.sub(_cased, clean.lower())
        clean = _SINGLE.sub(lambda found: f"{found[1].upper()}-", clean)
    return clean[:1].upper() + clean[1:]


def _cased(word: re.Match[str]) -> str:
    text = word[0]
    if text.upper() in KEPT:
        return text.upper()
    return PROPER.get(text, text)


def slug(*parts: str) -> str:
    """The parts as a piece of an address: small Latin letters, digits and dashes."""
    plain = unicodedata.normalize("NFKD", " ".join(parts).translate(_LETTERS)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:LONGEST_SLUG].strip("-")


_LETTERS = str.maketrans({
    "ð": "d", "Ð": "d", "þ": "th", "Þ": "th", "æ": "ae", "Æ": "ae", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l",
    "ß": "ss", "đ": "d", "Đ": "d", "œ": "oe", "Œ": "oe",
})  # fmt: skip
