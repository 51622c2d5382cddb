"""What the catalogues of parts say is fetched in one round, and kept."""

from __future__ import annotations

import pytest

from bot.library.spread import threads
from tests.library.snapshot.shelf import CAFE, PORTS
from tests.library.spread.test_index import divided


def test_threads_are_read_ahead_in_one_round() -> None:
    snapshot, far = divided()
    before = far.rounds
    snapshot.read_ahead([0, 1])
    assert far.rounds == before + 1
    assert [each.title for each in snapshot.catalogue.summaries([1, 0])] == [
        CAFE.title,
        PORTS.title,
    ]
    assert snapshot.documents(1) == (2, 3)
    assert snapshot.catalogue.versions(0)
    assert far.rounds == before + 1


def test_only_some_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "KEPT", 1)
    snapshot, far = divided()
    assert snapshot.catalogue[0].summary.title == PORTS.title
    assert snapshot.catalogue[1].summary.title == CAFE.title
    before = far.rounds
    assert snapshot.catalogue[0].summary.title == PORTS.title
    assert far.rounds == before + 1
