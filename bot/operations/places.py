"""Where the store of the settings is."""

from __future__ import annotations

from bot.config import Settings
from bot.store.places import SQLiteFolder
from bot.store.protocol import Place


def place_in(settings: Settings) -> Place:
    """Return where the store of these settings is."""
    return SQLiteFolder(settings.data)
