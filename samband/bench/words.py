"""What the goods of a bench are called, and what shoppers type when they look for them, mistakes and all."""

import random
from collections.abc import Sequence
from itertools import accumulate

THINGS = (
    "shelf", "lamp", "chair", "table", "cup", "bowl", "kettle", "rug", "blanket", "cushion", "mirror", "drawer",
    "stool", "bench", "vase", "candle", "curtain", "towel", "pan", "knife", "board", "basket", "clock", "frame",
    "hook", "jug", "plate", "glass", "tray", "stand", "cabinet", "sofa", "bed", "mattress", "pillow", "wardrobe",
    "desk", "screen", "plant", "pot",
)  # fmt: skip
MADE_OF = (
    "oak",
    "pine",
    "steel",
    "linen",
    "wool",
    "cotton",
    "ceramic",
    "bamboo",
    "leather",
    "marble",
    "copper",
    "birch",
)
COLLECTIONS = (
    "Hallormur", "Nordvik", "Selja", "Vindheim", "Krafla", "Dalvik", "Eldborg", "Fjara", "Grund", "Holmur", "Jokla",
    "Lundey", "Myrar", "Njord", "Osland", "Reykja", "Skagi", "Torfa", "Urdar", "Vestra",
)  # fmt: skip

LOOKS = (
    "round", "small", "large", "soft", "folding", "narrow", "wide", "tall", "low", "light", "heavy", "striped", "plain",
    "curved", "stackable", "washable", "outdoor", "vintage", "modern", "quiet", "bright", "dark", "short",
)  # fmt: skip

REPEATED = 2_000
"""Different searches that are typed again and again."""

ONE_IN_MISTYPED = 10
ONE_IN_NEW = 20
"""A search that nobody has typed before comes now and then."""


def name(number: int) -> str:
    """What a product is called, by its number: each thing comes in all stuffs before one comes again."""
    thing, stuff, collection, _ = _words(number)
    return f"{stuff.title()} {thing} {collection} {number}"


def text(number: int) -> str:
    """What is said of it."""
    thing, stuff, _, look = _words(number)
    return f"A {look} {thing}, made well of {stuff}, priced fairly, and to be had today."


def _words(number: int) -> tuple[str, str, str, str]:
    rest, thing = divmod(number, len(THINGS))
    rest, stuff = divmod(rest, len(MADE_OF))
    collection = COLLECTIONS[rest % len(COLLECTIONS)]
    return THINGS[thing], MADE_OF[stuff], collection, LOOKS[number % len(LOOKS)]


def searches(products: int, most: int = REPEATED, seed: int = 1) -> list[str]:
    """What is typed, the most frequent first: few words before many; every tenth mistyped. At most so many."""
    dice = random.Random(seed)
    told = dict.fromkeys(typed(dice, products) for _ in range(most * 3))
    return sorted(told, key=len)[:most]


def typed(dice: random.Random, products: int) -> str:
    """One search for one of so many products: what it is, and some of what else is known of it, in any order."""
    thing, *others = _words(dice.randint(1, products))
    known = [thing, *(word.lower() for word in others if dice.random() < 0.4)]
    dice.shuffle(known)
    if dice.randrange(ONE_IN_MISTYPED) == 0:
        place = dice.randrange(len(known))
        known[place] = mistyped(known[place], dice)
    return " ".join(known)


def unheard(dice: random.Random, products: int) -> str:
    """A search that hardly anybody has typed before: for a product by nearly all that is known of it."""
    known = [word.lower() for word in _words(dice.randint(1, products))]
    if dice.random() < 0.5:
        known.pop(dice.randrange(1, len(known)))
    dice.shuffle(known)
    if dice.randrange(ONE_IN_MISTYPED) == 0:
        place = dice.randrange(len(known))
        known[place] = mistyped(known[place], dice)
    return " ".join(known)


def mistyped(word: str, dice: random.Random) -> str:
    """With a letter dropped, doubled, or exchanged with the next."""
    if len(word) < 4:
        return word
    at = dice.randrange(1, len(word) - 1)
    before, letter, after = word[:at], word[at], word[at + 1 :]
    return dice.choice((before + after, before + letter + letter + after, before + after[0] + letter + after[1:]))


def weights(many: int, exponent: float = 1.0) -> Sequence[float]:
    """How often the n-th is asked for beside the first, added up: Zipf's law, for `random.choices`."""
    return list(accumulate(1 / rank**exponent for rank in range(1, many + 1)))
