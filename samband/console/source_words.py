"""What sources are and why something of theirs was not taken in, in words."""

from collections.abc import Mapping

from django.utils.translation import gettext_noop as N_  # noqa: N812  the name gettext is called by everywhere

KINDS: Mapping[str, str] = {
    "browser": N_("Web pages and apps"),
    "server": N_("A server"),
    "house": N_("Samband itself"),
    "import": N_("Files"),
    "webhook": N_("Another shop’s messages"),
}
"""Kinds of sources."""

REASONS: Mapping[str, str] = {
    "not_an_item": N_("It was no event at all."),
    "event_missing": N_("It did not say what happened."),
    "unknown_type": N_("It was a kind of call that there is not."),
    "event_too_large": N_("It was too large."),
    "too_deep": N_("It had too many levels."),
    "unknown_topic": N_("It was about something we do not listen to."),
    "malformed": N_("It could not be read."),
    "identifier_ignored": N_("Taken in, but what should say who it was says nothing."),
}
"""Why an event was not taken in, by the reason's code."""
