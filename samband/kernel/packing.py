"""What a browser says it can unpack (Accept-Encoding: RFC 9110, 12.5.3)."""

from functools import lru_cache


@lru_cache(maxsize=1_000)
def takes_gzip(accepted: str) -> bool:
    """Whether an answer may be packed with gzip, by what the request's Accept-Encoding says."""
    weights = dict(_weighed(part) for part in accepted.lower().split(","))
    return weights.get("gzip", weights.get("*", 0.0)) > 0


def _weighed(part: str) -> tuple[str, float]:
    coding, _, parameters = part.partition(";")
    name, _, weight = parameters.partition("=")
    try:
        return coding.strip(), float(weight) if name.strip() == "q" else 1.0
    except ValueError:
        return coding.strip(), 0.0
