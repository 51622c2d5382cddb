"""The picture of statistics: readable on any theme, and only in letters that its font has."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PIL import Image, ImageColor, ImageDraw

from bot.i18n.catalogues import languages
from bot.i18n.messages import ENGLISH
from bot.reports import Tally
from bot.views import stats_text
from bot.views.discord import picture
from tests.views.figures import (
    SEED,
    TWELVE_YEARS,
    image_of,
    note_what_is_written,
    shown,
)


@pytest.mark.parametrize("colour", [picture.INK, picture.QUIET, picture.BAR])
def test_what_is_drawn_stands_out_from_its_ground_on_any_theme(colour: str) -> None:
    image = image_of(TWELVE_YEARS)
    assert image.mode == "RGB"  # with a ground of its own: nothing shows through
    assert image.getpixel((1, 1)) == ImageColor.getrgb(picture.GROUND)
    assert ImageColor.getrgb(colour) in {found for _, found in image.getcolors(1 << 24) or ()}
    lighter, darker = _luminance(colour), _luminance(picture.GROUND)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5  # WCAG 2, contrast of text


def _luminance(colour: str) -> float:
    """https://www.w3.org/TR/WCAG21/#dfn-relative-luminance"""
    parts = [each / 255 for each in ImageColor.getrgb(colour)[:3]]
    linear = [
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts
    ]
    return sum(part * share for part, share in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))


def test_names_that_the_font_lacks_are_numbered_and_left_to_the_text(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    foreign = ("Анна", "المؤلف", "港口", "ท่าเรือ", "Zoë", "e\u0301", "a\u200bb", "🔥", "\U000f0000")
    stats = replace(SEED, authors=tuple(Tally(each, 3) for each in ("anna", *foreign)))
    said: list[str] = []
    note_what_is_written(monkeypatch, said)
    image_of(stats)
    assert "@anna" in said
    assert said.count(str(stats_text.UNNAMED)) == len(foreign)
    assert {f"{number}." for number in range(1, 11)} <= set(said)
    pen = picture.Pen(ImageDraw.Draw(Image.new("RGB", (1, 1))), ENGLISH)
    assert all(pen.writes(each.replace("\n", " ")) for each in said)
    text, _ = shown(stats)
    for number, each in enumerate(foreign, start=2):
        assert f"{number}. @{each}: 3" in text.replace("\\", "")


@pytest.mark.parametrize(
    ("tag", "written"),
    [
        ("de", {"Tweets pro Monat", "2", "1.200"}),  # März has a letter that the font lacks
        ("es-ES", {"Tuits por mes", "feb", "1.200"}),
        ("fr", {"Tweets par mois", "2", "1 200"}),
        ("ja", {"Tweets per month", "Feb", "1,200"}),
        ("zh-CN", {"Tweets per month", "Feb", "1,200"}),
    ],
)
def test_the_picture_speaks_its_readers_language_as_far_as_its_font_goes(
    monkeypatch: pytest.MonkeyPatch, tag: str, written: set[str]
) -> None:
    months = (Tally("2025-02", 1200), Tally("2025-03", 7))
    stats = replace(SEED, months=months, dated=1207, authors=(Tally("anna", 1200),))
    said: list[str] = []
    note_what_is_written(monkeypatch, said)
    image_of(stats, languages()[tag])
    assert written <= {part for each in said for part in each.split("\n")}


def test_bars_are_as_long_as_their_figures_say() -> None:
    stats = replace(SEED, hosts=(Tally("a.org", 400), Tally("b.org", 100)), authors=())
    image = image_of(stats)
    bar = ImageColor.getrgb(picture.BAR)
    rows: dict[int, int] = {}
    for y in range(image.height):
        wide = sum(image.getpixel((x, y)) == bar for x in range(image.width))
        rows[wide] = rows.get(wide, 0) + 1
    lengths = sorted((each for each in rows if rows[each] > 20 and each), reverse=True)
    assert len(lengths) == 2
    assert lengths[0] / lengths[1] == pytest.approx(4, rel=0.02)
