"""`python -m tests.gallery [NAME…]`: pictures of all screens, or of those named.

Pages go to `build/gallery/`, pictures and a list of them to `docs/pictures/`.
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

Rendered from what the bot sent to a Discord of its own, in Discord's look.
`python -m tests.gallery` makes these pictures anew. The threads of @elke\\_permits, @crane\\_notes,
@tin\\_and\\_teddy and @couchette\\_42 are made up for them.
"""


def main(wanted: Sequence[str]) -> int:
    """Play, render and photograph; 0 if all of it was done."""
    with tempfile.TemporaryDirectory() as folder:
        screens = asyncio.run(play(Path(folder), SCENES))
    unknown = set(wanted) - {each.name for each in screens}
    if unknown:
        sys.stderr.write(f"There is no screen {', '.join(sorted(unknown))}.\n")
        return 2
    for each in screens:
        PAGES.mkdir(parents=True, exist_ok=True)
        (PAGES / f"{each.name}.html").write_text(page(each), encoding="utf-8")
    sys.stdout.write(f"{len(screens)} pages in {PAGES}\n")
    lacking = missing()
    if lacking:
        sys.stderr.write(f"{lacking}\n")
        return 1
    _photograph(screens, wanted)
    return 0


def _photograph(screens: Sequence[Screen], wanted: Sequence[str]) -> None:
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
