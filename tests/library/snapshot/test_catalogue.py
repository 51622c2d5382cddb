"""The catalogue of a snapshot's threads."""

from __future__ import annotations

from dataclasses import replace

from tests.library.snapshot.shelf import RICE, snapshot_of


def test_the_digest_is_other_when_anything_shown_is_other() -> None:
    shown = snapshot_of(RICE).catalogue[0].digest
    assert snapshot_of(replace(RICE)).catalogue[0].digest == shown
    for other in (
        replace(RICE, title="Rice"),
        replace(RICE, complete=False),
        replace(RICE, source_url="https://threads.example/1"),
        replace(RICE, tweets=RICE.tweets[:1]),
    ):
        assert snapshot_of(other).catalogue[0].digest != shown
