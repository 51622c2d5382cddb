"""Photos of several screens, which are cut apart at their bands."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tests.gallery import shoot
from tests.gallery.look import LOOKS
from tests.gallery.page import strip
from tests.gallery.screen import Screen


def photo(*heights: int) -> Image.Image:
    image = Image.new("RGB", (20, sum(heights) + 6 * len(heights) + 30), (255, 255, 255))
    top = 0
    for number, height in enumerate(heights):
        image.paste((number, 0, 0), (0, top, 20, top + height))
        image.paste(shoot.BAND, (0, top + height, 20, top + height + 6))
        top += height + 6
    return image


def test_a_photo_is_cut_at_its_bands() -> None:
    parts = list(shoot.parts(photo(10, 25, 7), 3))
    assert [each.size for each in parts] == [(20, 10), (20, 25), (20, 7)]
    assert [each.getpixel((3, 3)) for each in parts] == [(0, 0, 0), (1, 0, 0), (2, 0, 0)]


def test_screens_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="only 2 of 3 screens fit"):
        list(shoot.parts(photo(10, 25), 3))


def test_a_strip_has_each_screen_with_its_band_in_each_look() -> None:
    screens = [Screen(name, "a", f"# {name}", {}) for name in ("one", "two")]
    for look in LOOKS:
        shown = strip(screens, look)
        assert f'class="{look.theme}"' in shown
        assert f"width: {look.width}px" in shown
        assert shown.count('<div class="band">') == 2


def test_a_contact_sheet_has_all_pictures(tmp_path: Path) -> None:
    pictures = []
    for number in range(8):
        picture = tmp_path / f"{number}.png"
        Image.new("RGB", (1080, 400), (number, 0, 0)).save(picture)
        pictures.append(picture)
    shoot.contact_sheet(pictures, tmp_path / "sheet.png")
    with Image.open(tmp_path / "sheet.png") as sheet:
        colours = {colour for _, colour in sheet.getcolors(1 << 24) or []}
    assert {(number, 0, 0) for number in range(8)} <= colours
