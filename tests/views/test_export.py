"""Threads as files to save; `tests/loader/test_exported.py` reads them back."""

from __future__ import annotations

from bot.views.export import file_name
from tests.strategies import thread


def test_a_file_is_named_by_its_title() -> None:
    made = thread("Ports grow quiet: *what* now?")
    assert file_name(made, "md") == f"ports-grow-quiet-what-now-{made.id}.md"
    assert file_name(thread("…"), "txt").startswith("thread-")
