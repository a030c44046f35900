"""Where Polder keeps what is this user's: keys, embedded spaces, identifiers of uploaded tables."""

import os
from pathlib import Path


def home() -> Path:
    """POLDER_HOME, or ~/.polder; made, closed to others, if it is not there."""
    folder = Path(os.environ.get("POLDER_HOME") or Path.home() / ".polder")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def keys() -> Path:
    """The organisation keys: NAME.key (secret) and NAME.pub."""
    return _folder("keys")


def tables() -> Path:
    """One file a table that was uploaded from here: the owner's identifiers, row by row."""
    return _folder("tables")


def space(name: str) -> Path:
    """The folder of a space known by name; its network.json says who its nodes are."""
    return _folder("spaces") / name


def spaces() -> list[Path]:
    """The folders of all spaces known here."""
    return sorted(path.parent for path in _folder("spaces").glob("*/network.json"))


def _folder(name: str) -> Path:
    folder = home() / name
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder
