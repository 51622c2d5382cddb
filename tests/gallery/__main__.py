"""`python -m tests.gallery [NAME…]`: takes pictures of all screens, or of those named.

Writes pages to `build/gallery/`, and pictures with their captions to `docs/pictures/`.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.conftest import ROOT
from tests.gallery.page import page
from tests.gallery.scenes import SCENES, play
from tests.gallery.screen import Screen
from tests.gallery.shoot import missing, shoot

PAGES = ROOT / "build" / "gallery"
PICTURES = ROOT / "docs" / "pictures"
LIST = """\
# Every screen

Every message here is one that the bot sent to a local Discord server, rendered in Discord's look.
`python -m tests.gallery` takes these pictures again. The threads by @elke\\_permits,
@crane\\_notes, @tin\\_and\\_teddy and @couchette\\_42 are fictional.
"""


def main(wanted: Sequence[str]) -> int:
    """Run the scenes, and take the pictures; return the exit status."""
    with tempfile.TemporaryDirectory() as folder:
        screens = asyncio.run(play(Path(folder), SCENES))
    unknown = set(wanted) - {each.name for each in screens}
    if unknown:
        sys.stderr.write(f"No screen is named {', '.join(sorted(unknown))}.\n")
        return 2
    for each in screens:
        PAGES.mkdir(parents=True, exist_ok=True)
        (PAGES / f"{each.name}.html").write_text(page(each), encoding="utf-8")
    sys.stdout.write(f"{len(screens)} pages in {PAGES}\n")
    problem = missing()
    if problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    _take_pictures(screens, wanted)
    return 0


def _take_pictures(screens: Sequence[Screen], wanted: Sequence[str]) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    for each in screens:
        if not wanted or each.name in wanted:
            picture = PICTURES / f"{each.name}.png"
            shoot(PAGES / f"{each.name}.html", picture)
            sys.stdout.write(f"{picture.name}: {picture.stat().st_size / 1000:.0f} kB\n")
    listed = [f"\n{each.shows}\n\n![{each.shows}]({each.name}.png)\n" for each in screens]
    (PICTURES / "README.md").write_text(LIST + "".join(listed), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
