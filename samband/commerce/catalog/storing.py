"""Keeping media on disk, named by content: the same file twice is one file, and a name never changes its content."""

import hashlib
import os
from pathlib import Path

from django.conf import settings

from samband.kernel.ids import secret_token


def store(content: bytes, suffix: str) -> str:
    """Write the content below the media folder; returns its path there. Whole or not at all, come what may."""
    digest = hashlib.blake2b(content, digest_size=20).hexdigest()
    path = f"{digest[:2]}/{digest}.{suffix}"
    target = Path(settings.MEDIA_ROOT) / path
    if target.exists():
        return path
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{secret_token()}")
    try:
        with beside.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
    return path
