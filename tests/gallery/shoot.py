"""Takes pictures of pages with a headless Chromium, cuts them apart and makes the files small."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast

from PIL import Image

from tests.gallery.look import Look
from tests.gallery.page import strip
from tests.gallery.screen import Screen

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SCALE = 1.5
TOGETHER = 12
"""How many screens share a page, because a start of the browser takes longer than a picture."""
TALLEST = 1800
"""How tall the screens of a page may be on average, in CSS pixels."""
BAND = (255, 0, 254)
"""The colour of the band below each screen of a page."""
COLOURS, SURFACES = 32, 16
COLUMNS_WIDE = 2400
"""About how wide a contact sheet is, in pixels."""
GAP, GROUND = 12, (127, 127, 127)
QUIET = (
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)


def missing() -> str | None:
    """What to install before pictures can be taken; None if nothing is missing."""
    if browser() is None:
        return (
            "No Chromium is installed, so no pictures are taken. On Debian: apt-get install "
            "chromium fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji"
        )
    return None


def browser() -> str | None:
    """The path of the browser; None if none is installed."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def shoot(screens: Sequence[Screen], look: Look, folder: Path) -> list[Path]:
    """Take a picture of each screen in `look`; return the pictures, in the same order."""
    folder.mkdir(parents=True, exist_ok=True)
    pictures = []
    for start in range(0, len(screens), TOGETHER):
        some = screens[start : start + TOGETHER]
        for each, image in zip(some, parts(_photo(some, look), len(some)), strict=True):
            picture = folder / f"{each.name}.png"
            image.quantize(palette=_palette(image), dither=Image.Dither.NONE).save(
                picture, optimize=True
            )
            pictures.append(picture)
    return pictures


def contact_sheet(pictures: Sequence[Path], sheet: Path) -> None:
    """Put `pictures` beside and below each other, and save that as `sheet`."""
    images = []
    for each in pictures:
        with Image.open(each) as opened:
            images.append(opened.convert("RGB").reduce(2))
    wide = images[0].width + GAP
    columns: list[list[tuple[int, Image.Image]]] = [[] for _ in range(COLUMNS_WIDE // wide)]
    heights = [GAP] * len(columns)
    for each_image in images:
        column = heights.index(min(heights))
        columns[column].append((heights[column], each_image))
        heights[column] += each_image.height + GAP
    whole = Image.new("RGB", (wide * len(columns) + GAP, max(heights)), GROUND)
    for column, placed in enumerate(columns):
        for top, each_image in placed:
            whole.paste(each_image, (GAP + column * wide, top))
    whole.save(sheet, optimize=True)


def _photo(screens: Sequence[Screen], look: Look) -> Image.Image:
    """A photo of the screens, one below the other."""
    program = browser()
    assert program is not None
    # Chromium's sandbox does not work for root.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory() as folder:
        page, picture = Path(folder, "page.html"), Path(folder, "page.png")
        page.write_text(strip(screens, look), encoding="utf-8")
        subprocess.run(
            [
                program,
                *QUIET,
                *sandbox,
                f"--user-data-dir={folder}/profile",
                f"--window-size={look.width},{TALLEST * max(len(screens), 2)}",
                f"--force-device-scale-factor={SCALE}",
                f"--screenshot={picture}",
                page.as_uri(),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
        with Image.open(picture) as opened:
            return opened.convert("RGB").crop((0, 0, round(look.width * SCALE), opened.height))


def parts(photo: Image.Image, number: int) -> Iterator[Image.Image]:
    """The screens of `photo`, cut apart at their bands.

    Raises:
        ValueError: the screens are taller than the photo.
    """
    edge = photo.crop((0, 0, 1, photo.height)).tobytes()
    rows = [edge[at : at + 3] == bytes(BAND) for at in range(0, len(edge), 3)]
    found = top = 0
    for y, is_band in enumerate(rows):
        if is_band and not rows[y - 1]:
            found += 1
            yield photo.crop((0, top, photo.width, y))
        if is_band:
            top = y + 1
    if found != number:
        raise ValueError(f"only {found} of {number} screens fit in {photo.height} pixels")


def _palette(image: Image.Image) -> Image.Image:
    """A palette for `image`: its commonest colours, which fill areas, and some of the rest."""
    counted = image.getcolors(image.width * image.height) or []
    common = sorted(counted, key=lambda each: each[0], reverse=True)[:SURFACES]
    rest = image.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE).getpalette() or []
    surfaces = [part for _, colour in common for part in cast("tuple[int, int, int]", colour)]
    palette = Image.new("P", (1, 1))
    palette.putpalette([*surfaces, *rest[: 3 * COLOURS]])
    return palette
