"""What a browser's client (analytics-next) asks before it begins."""

from collections.abc import Mapping
from typing import Any

PREFIX = "/v1/"


def settings_for(key: str, address: str) -> Mapping[str, Any]:
    """Where to send, and that nothing else is to be loaded; in the shape in which the client reads it.

    `address` is where browsers reach this door, with its scheme.
    """
    scheme, _, host = address.partition("://")
    sending = {
        "apiKey": key,
        "apiHost": host + PREFIX.rstrip("/"),
        "protocol": scheme,
        "unbundledIntegrations": [],
        "addBundledMetadata": False,
    }
    allowed = {"__default": {"enabled": True, "integrations": {}}}
    return {
        "integrations": {"Segment.io": sending},
        "plan": {"track": allowed, "identify": allowed, "group": allowed},
        "edgeFunction": {},
        "analyticsNextEnabled": True,
        "middlewareSettings": {},
        "enabledMiddleware": {},
        "metrics": {"sampleRate": 0},
        "legacyVideoPluginsEnabled": False,
        "remotePlugins": [],
    }
