"""Statistics as a Discord message."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from bot.i18n.catalogues import languages
from bot.i18n.messages import ENGLISH, Language
from bot.reports import LibraryStats
from bot.views.discord import picture
from bot.views.terminal import stats_output
from tests.views.figures import (
    figures,
    note_what_is_written,
    shown,
)
from tests.views.terminal.tty import Tty


@settings(max_examples=30)
@given(figures(), st.sampled_from([ENGLISH, *languages().values()]))
def test_any_figures(stats: LibraryStats, say: Language) -> None:
    said: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        note_what_is_written(patch, said)
        text, described = shown(stats, say)
    assert len(text) <= 4000
    assert bool(described) == bool(said) == bool(stats.months or stats.hosts or stats.authors)
    pen = picture.Pen(ImageDraw.Draw(Image.new("RGB", (1, 1))), ENGLISH)
    assert all(pen.writes(each.replace("\n", " ")) for each in said)
    for stream in (io.StringIO(), Tty()):
        stats_output.write_stats(stats, stream)
        assert stream.getvalue()
