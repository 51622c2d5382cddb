"""Says what a file is called: its absolute path, without `..`."""

from __future__ import annotations

import os
from pathlib import Path


def absolute(path: Path) -> Path:
    """Return the absolute path of a file, without `..` where that is the same file."""
    whole = path.absolute()
    short = Path(os.path.normpath(whole))
    try:
        return short if short == whole or short.samefile(whole) else whole
    except OSError:  # it is not there
        return short
