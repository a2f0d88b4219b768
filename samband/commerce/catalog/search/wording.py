"""The few words that a listing needs and no merchant writes."""

YES_NO: dict[str, tuple[tuple[str, str], ...]] = {
    "en": (("true", "Yes"), ("false", "No")),
    "is": (("true", "Já"), ("false", "Nei")),
    "pl": (("true", "Tak"), ("false", "Nie")),
    "lv": (("true", "Jā"), ("false", "Nē")),
    "el": (("true", "Ναι"), ("false", "Όχι")),
}
"""The values of a flag, in the order in which they are shown."""
