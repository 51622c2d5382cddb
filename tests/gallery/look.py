"""The widths and themes of Discord that screens are rendered in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Look:
    """A width and a theme."""

    name: str
    """Its name in file names and on the command line."""
    width: int
    """The width of the page in CSS pixels."""
    theme: Literal["dark", "light"]
    """The theme that the member chose."""


DESKTOP = Look("desktop-dark", 720, "dark")
PHONE = Look("phone-light", 390, "light")
LOOKS = (DESKTOP, Look("desktop-light", 720, "light"), Look("phone-dark", 390, "dark"), PHONE)
"""All looks; 390 pixels is the width of today's most common phones."""
PUBLISHED = {DESKTOP: "{name}.png", PHONE: "{name}-phone.png"}
"""The looks whose pictures are in the documentation, with the names of the files."""
