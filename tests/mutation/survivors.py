"""The survivors that are explained in `survivors.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from tests.mutation.mutants import Mutant

FILE = Path(__file__).with_name("survivors.toml")
Explained = Mapping[tuple[str, str, str], str]
"""The reason by module, source line and change."""


def explained(file: Path = FILE) -> Explained:
    """Read the explained survivors."""
    if not file.exists():
        return {}
    listed = tomllib.loads(file.read_text(encoding="utf-8")).get("survivor", [])
    return {(one["module"], one["line"], one["change"]): one["reason"] for one in listed}


def key(module: str, source: str, mutant: Mutant) -> tuple[str, str, str]:
    """Return what a survivor is listed by; it outlives a move of the line."""
    return module, source.splitlines()[mutant.line - 1].strip(), mutant.change
