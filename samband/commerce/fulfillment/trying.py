"""The cheapest split over a few places, found by trying every combination of them."""

from .splits import Split, Take

NEVER = 1 << 62


def cheapest(split: Split) -> list[Take]:
    """The split that costs least; of several that do, the one with the fewest places, then with those named first.

    Exact: for every set of places the cheapest filling of each line from any of them is looked up. That takes
    2ⁿ · (lines + n) steps for n places.
    """
    sets = 1 << len(split.codes)
    lines = [_from_exactly(split, line) for line in range(len(split.wanted))]
    within = [_from_any_of(costs) for costs in lines]
    parcels = [0] * sets
    for chosen in range(1, sets):
        lowest = chosen & -chosen
        parcels[chosen] = parcels[chosen ^ lowest] + split.parcels[lowest.bit_length() - 1]
    best = min(
        range(1, sets),
        key=lambda chosen: (
            parcels[chosen] + sum(costs[chosen] for costs in within),
            chosen.bit_count(),
            chosen,
        ),
    )
    return [take for line, costs in enumerate(lines) for take in _taken(split, line, costs, best)]


def _from_exactly(split: Split, line: int) -> list[int]:
    """What a line costs from all the places of each set, which have it between them and each give some of it."""
    have = sum(1 << site for site, room in enumerate(split.rooms) if room[line])
    costs = [NEVER] * (1 << len(split.codes))
    chosen = have
    while chosen:
        filled = split.fill(line, _members(chosen))
        if filled and len(filled[0]) == chosen.bit_count():
            costs[chosen] = filled[1]
        chosen = (chosen - 1) & have
    return costs


def _from_any_of(exactly: list[int]) -> list[int]:
    """The same from the cheapest part of each set."""
    costs = list(exactly)
    bit = 1
    while bit < len(costs):
        for chosen in range(len(costs)):
            if chosen & bit and costs[chosen ^ bit] < costs[chosen]:
                costs[chosen] = costs[chosen ^ bit]
        bit <<= 1
    return costs


def _taken(split: Split, line: int, exactly: list[int], within: int) -> list[Take]:
    best, part = within, within
    while part:
        if (exactly[part], part.bit_count(), part) < (exactly[best], best.bit_count(), best):
            best = part
        part = (part - 1) & within
    filled = split.fill(line, _members(best))
    assert filled, "a set of places that was found to have the line has it"
    return filled[0]


def _members(chosen: int) -> list[int]:
    return [site for site in range(chosen.bit_length()) if chosen >> site & 1]
