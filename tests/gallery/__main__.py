"""`python -m tests.gallery [NAME…]`: takes pictures of all screens, or of those named.

Writes to `build/gallery/`: a folder of pictures for each look, and a contact sheet of all screens,
`LOOK.png`. With `--publish`, it also writes the pictures with their captions to `docs/pictures/`.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.conftest import ROOT
from tests.gallery.look import LOOKS, PUBLISHED, Look
from tests.gallery.page import page
from tests.gallery.scenes import SCENES, faults, play
from tests.gallery.screen import Screen
from tests.gallery.shoot import contact_sheet, missing, shoot

PAGES = ROOT / "build" / "gallery"
PICTURES = ROOT / "docs" / "pictures"
LIST = """\
# Every screen

Every message here is one that the bot sent to a local Discord server, rendered in Discord's look:
on a desktop in the dark theme, and on a phone in the light one. `python -m tests.gallery --publish`
takes these pictures again. The threads by @elke\\_permits, @crane\\_notes, @tin\\_and\\_teddy and
@couchette\\_42 are fictional.
"""


def main(arguments: Sequence[str]) -> int:
    """Run the scenes, and take the pictures; return the exit status."""
    options = _options(arguments)
    with tempfile.TemporaryDirectory() as folder:
        screens = asyncio.run(play(Path(folder), SCENES))
    if wrong := faults(screens):
        sys.stderr.write("\n".join([*wrong, ""]))
        return 1
    unknown = set(options.names) - {each.name for each in screens}
    if unknown:
        sys.stderr.write(f"No screen is named {', '.join(sorted(unknown))}.\n")
        return 2
    wanted = [each for each in screens if not options.names or each.name in options.names]
    PAGES.mkdir(parents=True, exist_ok=True)
    for each in screens:
        (PAGES / f"{each.name}.html").write_text(page(each), encoding="utf-8")
    sys.stdout.write(f"{len(screens)} pages in {PAGES}\n")
    problem = missing()
    if problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    for look in LOOKS:
        if not options.look or look.name in options.look:
            _take_pictures(wanted, look, publish=options.publish)
    if options.publish:
        _write_list(screens)
    return 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.gallery")
    parser.add_argument("names", nargs="*", metavar="NAME", help="a screen; all by default")
    parser.add_argument("--look", action="append", choices=[each.name for each in LOOKS])
    parser.add_argument("--publish", action="store_true", help="write to docs/pictures/, too")
    return parser.parse_args(arguments)


def _take_pictures(screens: Sequence[Screen], look: Look, *, publish: bool) -> None:
    pictures = shoot(screens, look, PAGES / look.name)
    sheet = PAGES / f"{look.name}.png"
    contact_sheet(pictures, sheet)
    sys.stdout.write(f"{len(pictures)} pictures in {PAGES / look.name}; all of them: {sheet}\n")
    if publish and look in PUBLISHED:
        PICTURES.mkdir(parents=True, exist_ok=True)
        for each in pictures:
            shutil.copy(each, PICTURES / PUBLISHED[look].format(name=each.stem))


def _write_list(screens: Sequence[Screen]) -> None:
    """Write the captions of all pictures."""
    listed = []
    for each in screens:
        shown = [f"![{each.shows}]({name.format(name=each.name)})" for name in PUBLISHED.values()]
        listed.append(f"\n{each.shows}\n\n{' '.join(shown)}\n")
    (PICTURES / "README.md").write_text(LIST + "".join(listed), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
