"""The small drawings that stand beside words. They say nothing by themselves, so no screen reader hears of them."""

from functools import cache

from markupsafe import Markup

_ICON = (
    '<svg class="icon" width="22" height="22" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.6"'
    ' stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{}</svg>'
)

_STROKES = {
    "search": '<circle cx="11" cy="11" r="6.5"/><path d="m16 16 4.5 4.5"/>',
    "cart": '<path d="M5 8h14l-1.2 10.2a2 2 0 0 1-2 1.8H8.2a2 2 0 0 1-2-1.8L5 8Z"/>'
    '<path d="M8.5 8V7a3.5 3.5 0 0 1 7 0v1"/>',
    "person": '<circle cx="12" cy="8" r="3.6"/><path d="M4.8 20c.9-3.8 3.7-5.6 7.2-5.6s6.3 1.8 7.2 5.6"/>',
    "store": '<path d="M4 10v9.5h16V10"/><path d="M3 9.5 5 4.5h14l2 5a3 3 0 0 1-6 0 3 3 0 0 1-6 0 3 3 0 0 1-6 0Z"/>'
    '<path d="M10 19.5v-5h4v5"/>',
    "globe": '<circle cx="12" cy="12" r="8.5"/><path d="M3.5 12h17M12 3.5c5 5 5 12 0 17M12 3.5c-5 5-5 12 0 17"/>',
    "menu": '<path d="M4 7h16M4 12h16M4 17h16"/>',
    "close": '<path d="m7 7 10 10M17 7 7 17"/>',
    "filter": '<path d="M4 7h10M18 7h2M4 17h2M10 17h10"/><circle cx="16" cy="7" r="2"/><circle cx="8" cy="17" r="2"/>',
    "van": '<path d="M3 6.5h11v10H3zM14 10h4l3 3.5v3h-7z"/><circle cx="7.5" cy="17.5" r="1.8"/>'
    '<circle cx="17.5" cy="17.5" r="1.8"/>',
    "back": '<path d="M8 5 4 9l4 4"/><path d="M4 9h10a5.5 5.5 0 0 1 0 11H9"/>',
    "tick": '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
    "empty": '<path d="M4 9h16l-1.5 11h-13L4 9Z"/><path d="M9 13.5c1.5-1.5 4.5-1.5 6 0"/>',
    "phone": '<rect x="7" y="3" width="10" height="18" rx="2.5"/><path d="M11 18h2"/>',
    "gift": '<path d="M4.5 11.5h15V20h-15zM3.5 7.5h17v4h-17zM12 7.5V20"/>'
    '<path d="M12 7.5S10.5 3.5 8.3 4.2 9 7.5 12 7.5Zm0 0s1.5-4 3.7-3.3-.7 3.3-3.7 3.3Z"/>',
    "tag": '<path d="M4 4.5h7.5l8.5 8.5-7 7-9-8.5Z"/><circle cx="8.2" cy="8.7" r="1.3"/>',
    "clock": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l3.2 2"/>',
    "lock": '<rect x="5" y="10.5" width="14" height="9.5" rx="2"/><path d="M8 10.5V8a4 4 0 0 1 8 0v2.5"/>',
}


@cache
def icon(name: str) -> Markup:
    """A drawing of one line, as large as the words beside it."""
    return Markup(_ICON).format(Markup(_STROKES[name]))


def mark() -> Markup:
    """A circle and a square that hold on to each other, the shopper and the shop: the house's mark."""
    return Markup(
        '<svg class="mark" width="40" height="30" viewBox="2 10 60 44" fill="none" stroke-width="8" aria-hidden="true">'
        '<rect class="mark-square" x="29" y="19" width="28" height="26" rx="8" stroke="#c8643c"/>'
        '<circle class="mark-circle" cx="24" cy="32" r="17" stroke="#4f6f52"/>'
        '<path class="mark-square" d="M29 32v-5a8 8 0 0 1 8-8h12a8 8 0 0 1 8 8v5" stroke="#c8643c"/></svg>'
    )
