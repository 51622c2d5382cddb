"""The tests of operations have a bot on Discord, too."""

from __future__ import annotations

from tests.app.conftest import root_logger_as_before, scene

__all__ = ["root_logger_as_before", "scene"]
