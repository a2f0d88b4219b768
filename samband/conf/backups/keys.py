"""What is kept apart from the database: the secrets, and the list of who was forgotten.

Nothing here reads the settings: reading them makes secrets where there are none.
"""

import shutil
from pathlib import Path

from .errors import BackupFailed
from .manifest import checked

KEYS = ("secrets", "erasures")
"""With these and a copy of the database, whoever finds both knows everything."""


def gather(home: Path, into: Path) -> None:
    """Copy them into a folder."""
    for name in KEYS:
        if (home / name).is_dir():
            shutil.copytree(home / name, into / name)


def bring_keys(folder: Path, home: Path) -> None:
    """Bring secrets back where there are none, and who was forgotten to those who are known already.

    Raises BackupFailed when a secret of this house is another: what it keeps is made with it.
    """
    checked(folder, "keys")
    for file in _files(folder / "secrets"):
        here = home / "secrets" / file.name
        if here.exists() and here.read_bytes() != file.read_bytes():
            raise BackupFailed(f"{here} is another secret than the copy's; put it aside first.")
    for name in KEYS:
        (home / name).mkdir(parents=True, exist_ok=True, mode=0o700)
        for file in _files(folder / name):
            if not (home / name / file.name).exists():
                shutil.copy2(file, home / name / file.name)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []
