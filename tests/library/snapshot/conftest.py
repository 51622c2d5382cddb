"""What the tests of several files here need."""

from __future__ import annotations

import pytest

from bot.library.snapshot.snapshot import Snapshot
from tests.library.snapshot.shelf import CAFE, PORTS, RICE, snapshot_of


@pytest.fixture(scope="module")
def library() -> Snapshot:
    return snapshot_of(PORTS, RICE, CAFE)
