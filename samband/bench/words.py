"""What the goods of a bench are called, and what shoppers type when they look for them, mistakes and all."""

import random
from collections.abc import Sequence
from itertools import accumulate

THINGS = (
    "shelf", "lamp", "chair", "table", "cup", "bowl", "kettle", "rug", "blanket", "cushion", "mirror", "drawer",
    "stool", "bench", "vase", "candle", "curtain", "towel", "pan", "knife", "board", "basket", "clock", "frame",
    "hook", "jug", "plate", "glass", "tray", "stand", "cabinet", "sofa", "bed", "mattress", "pillow", "wardrobe", "desk", "screen",
    "plant", "pot",
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

REPEATED = 1_000
"""Different searches that are typed again and again."""

ONE_IN_MISTYPED = 10


def name(number: int) -> str:
    """What a product is called, by its number: each thing comes in all stuffs before one comes again."""
    thing = THINGS[number % len(THINGS)]
    stuff = MADE_OF[number // len(THINGS) % len(MADE_OF)]
    collection = COLLECTIONS[number // (len(THINGS) * len(MADE_OF)) % len(COLLECTIONS)]
    return f"{stuff.title()} {thing} {collection} {number}"


def searches(most: int = REPEATED, seed: int = 1) -> list[str]:
    """What is typed, the most frequent first: a thing, or that of some stuff or collection; every tenth mistyped."""
    dice = random.Random(seed)
    told: dict[str, None] = {}
    while len(told) < most:
        told.setdefault(typed(dice))
    return sorted(told, key=len)


def typed(dice: random.Random) -> str:
    """One search; out of half a million or so, before mistakes."""
    words = [dice.choice(THINGS)]
    if dice.random() < 0.5:
        words.insert(0, dice.choice(MADE_OF))
    if dice.random() < 0.3:
        words.append(dice.choice(COLLECTIONS).lower())
    if dice.randrange(ONE_IN_MISTYPED) == 0:
        place = dice.randrange(len(words))
        words[place] = mistyped(words[place], dice)
    return " ".join(words)


def unheard(dice: random.Random) -> str:
    """A search that hardly anybody has typed before: of several hundred million."""
    return f"{typed(dice)} {dice.choice(MADE_OF)} {dice.choice(COLLECTIONS).lower()} {dice.randrange(1_000)}"


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
