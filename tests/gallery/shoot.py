"""Takes pictures of pages with a headless Chromium, and makes the files small."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import cast

from PIL import Image, ImageChops

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WIDTH, TALLEST = 720, 3000
SCALE = 1.5
MARGIN = 18
COLOURS, SURFACES = 32, 16
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


def shoot(page: Path, picture: Path) -> None:
    """Take a picture of the page at `page`, and save it as `picture`."""
    program = browser()
    assert program is not None
    # Chromium's sandbox does not work for root.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [
                program,
                *QUIET,
                *sandbox,
                f"--user-data-dir={profile}",
                f"--window-size={WIDTH},{TALLEST}",
                f"--force-device-scale-factor={SCALE}",
                f"--screenshot={picture}",
                page.resolve().as_uri(),
            ],
            check=True,
            capture_output=True,
            timeout=60,
        )
    _trim(picture)


def _trim(picture: Path) -> None:
    """Cut off the empty part below, and reduce the colours."""
    with Image.open(picture) as opened:
        image = opened.convert("RGB")
    empty = Image.new("RGB", image.size, image.getpixel((image.width - 1, image.height - 1)))
    box = ImageChops.difference(image, empty).getbbox()
    assert box is not None
    if box[3] >= image.height:
        raise ValueError(f"{picture.name} is taller than {TALLEST} pixels")
    cut = image.crop((0, 0, image.width, min(box[3] + MARGIN, image.height)))
    cut.quantize(palette=_palette(cut), dither=Image.Dither.NONE).save(picture, optimize=True)


def _palette(image: Image.Image) -> Image.Image:
    """A palette for `image`: its commonest colours, which fill areas, and some of the rest."""
    counted = image.getcolors(image.width * image.height) or []
    common = sorted(counted, key=lambda each: each[0], reverse=True)[:SURFACES]
    rest = image.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE).getpalette() or []
    surfaces = [part for _, colour in common for part in cast("tuple[int, int, int]", colour)]
    palette = Image.new("P", (1, 1))
    palette.putpalette([*surfaces, *rest[: 3 * COLOURS]])
    return palette
