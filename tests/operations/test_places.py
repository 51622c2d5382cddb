"""Where the store of the settings is."""

from __future__ import annotations

from pathlib import Path

from bot.config import Settings
from bot.operations.places import place_in
from bot.store.places import SQLiteFolder


def test_the_store_is_a_file_in_the_data_folder(tmp_path: Path) -> None:
    assert place_in(Settings.from_env({"THREADBOT_DATA": str(tmp_path)})) == SQLiteFolder(tmp_path)
