"""The statistics as a PNG picture: bar charts with the names and numbers of the text.

The picture has its own background, so it is readable in dark and light themes, and no information
depends on colour. Pillow's built-in font has only Latin letters without accents. Names that it
cannot render appear in the text only, under the bar's number. Titles in other letters fall back
to English, and months to numbers.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.i18n.messages import ENGLISH, Language
from bot.reports import LibraryStats, Tally
from bot.views import stats_text
from bot.views.stats_text import Timeline

if TYPE_CHECKING:  # slow to import, so it is where something is drawn
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

WIDTH = 1000
MARGIN = 40
GROUND, INK, QUIET, LINE, BAR = "#1f2226", "#f4f5f7", "#c3c8cf", "#454a52", "#5aa9e6"
TITLE, LABEL, SMALL = 32, 26, 22
"""Font sizes in pixels; clients show the picture at about half its size."""
TITLE_ROOM = 60
PLOT = 260
"""Height of the vertical bars."""
AXIS_ROOM = 64
WIDEST = 80
"""Width of a vertical bar."""
ROW, THICK = 46, 28
"""Distance between horizontal bars, and their thickness."""
NAMES = 400
"""Width of the names beside horizontal bars."""
GAP = 36
"""Space between two charts."""
FEW = 12
"""Up to this many months, each has its name below."""
STRIDES = (1, 2, 5, 10, 20, 50, 100)
"""Possible intervals between labelled years."""
NO_SUCH_CHARACTER = "\U0010fffe"


def drawn(stats: LibraryStats, say: Language) -> bytes | None:
    """The picture; None without data. It takes a moment, so run it in a thread."""
    from PIL import Image, ImageDraw

    line = stats_text.timeline(stats.months)
    say = _written(stats, line, say)
    lists = [
        (title, tallies, sign)
        for title, tallies, sign in (
            (stats_text.hosts_title(stats, say), stats.hosts, ""),
            (stats_text.authors_title(stats, say), stats.authors, "@"),
        )
        if tallies
    ]
    heights = [TITLE_ROOM + len(tallies) * ROW for _, tallies, _ in lists]
    if line:
        heights.insert(0, TITLE_ROOM + PLOT + AXIS_ROOM)
    if not heights:
        return None
    height = sum(heights) + GAP * (len(heights) - 1) + 2 * MARGIN
    image = Image.new("RGB", (WIDTH, height), GROUND)
    pen = Pen(ImageDraw.Draw(image), say)
    top = MARGIN
    if line:
        pen.timeline(line, top)
        top += heights.pop(0) + GAP
    for (title, tallies, sign), taken in zip(lists, heights, strict=True):
        pen.ranking(title, tallies, sign, top)
        top += taken + GAP
    data = io.BytesIO()
    image.save(data, "PNG")
    return data.getvalue()


def _written(stats: LibraryStats, line: Timeline | None, say: Language) -> Language:
    """`say`, or English if the font cannot render the titles."""
    from PIL import Image, ImageDraw

    pen = Pen(ImageDraw.Draw(Image.new("RGB", (1, 1))), say)
    titles = [stats_text.hosts_title(stats, say), stats_text.authors_title(stats, say)]
    titles += [say.say(stats_text.UNNAMED), *([say.say(line.title)] if line else [])]
    return say if all(map(pen.writes, titles)) else ENGLISH


class Pen:
    """Draws charts."""

    def __init__(self, draw: ImageDraw, say: Language) -> None:
        self._draw = draw
        self._say = say
        self._fonts: dict[int, FreeTypeFont] = {}

    def timeline(self, line: Timeline, top: int) -> None:
        """Vertical bars from left to right, with a scale and labelled years."""
        self._write((MARGIN, top), self._say.say(line.title), TITLE)
        most = _round_up(max(each.tweets for each in line.bars))
        foot = top + TITLE_ROOM + PLOT
        scale = (
            max(self._font(SMALL).getlength(self._number(each)) for each in (most, most // 2)) + 16
        )
        left, right = MARGIN + scale, WIDTH - MARGIN
        for share in (0, 1, 2):
            if share == 1 and most % 2:
                continue
            y = foot - PLOT * share // 2
            self._draw.line((left, y, right, y), LINE, 2)
            self._write((left - 12, y), self._number(most * share // 2), SMALL, QUIET, "rm")
        step = (right - left) / len(line.bars)
        margin = max((step - WIDEST) / 2, step * 0.1)
        for number, each in enumerate(line.bars):
            if each.tweets:
                start = round(left + step * number + margin)
                end = max(round(left + step * (number + 1) - margin) - 2, start)
                height = max(round(PLOT * each.tweets / most), 2)
                self._draw.rectangle((start, foot - height, end, foot - 1), BAR)
        self._marks(line, left, step, foot)

    def _marks(self, line: Timeline, left: float, step: float, foot: int) -> None:
        """Names of periods below the bars, as many as have room."""
        font = self._font(SMALL)
        room = font.getlength("0000") + 16
        one_by_one = not line.years and len(line.bars) <= FEW
        years = step if line.years else step * 12
        stride = next(each for each in STRIDES if years * each >= room)
        names = self._months()
        for number, each in enumerate(line.bars):
            year, _, month = each.name.partition("-")
            text = year
            if one_by_one:
                name = names[int(month) - 1]
                text = f"{name}\n{year}" if month == "01" or not number else name
            elif month not in ("", "01") or int(year) // max(line.years, 1) % stride:
                continue
            middle = left + step * (number + 0.5)
            wide = max(font.getlength(part) for part in text.split("\n"))
            centre = min(middle, WIDTH - MARGIN - wide / 2)
            if not one_by_one:
                self._draw.line((middle, foot, middle, foot + 7), QUIET, 2)
            at = (centre, foot + 10)
            self._draw.text(at, text, QUIET, font, "ma", align="center")

    def ranking(self, title: str, tallies: Sequence[Tally], sign: str, top: int) -> None:
        """Horizontal bars, each with its rank, name and value."""
        self._write((MARGIN, top), title, TITLE)
        font = self._font(LABEL)
        figures = max(font.getlength(self._number(each.tweets)) for each in tallies)
        numbers = font.getlength(f"{len(tallies)}.")
        left = MARGIN + NAMES
        room = WIDTH - MARGIN - left - figures - 12
        most = max(each.tweets for each in tallies)
        for number, each in enumerate(tallies, start=1):
            y = top + TITLE_ROOM + ROW * (number - 1) + ROW // 2
            self._write((MARGIN + numbers, y), f"{number}.", LABEL, QUIET, "rm")
            name = f"{sign}{each.name}"
            width = NAMES - numbers - 28
            if self.writes(name):
                self._write((MARGIN + numbers + 12, y), self._cut(name, width), LABEL, INK, "lm")
            else:
                unnamed = self._say.say(stats_text.UNNAMED)
                self._write((MARGIN + numbers + 12, y), unnamed, LABEL, QUIET, "lm")
            end = left + max(round(room * each.tweets / most), 2)
            self._draw.rectangle((left, y - THICK // 2, end, y + THICK // 2), BAR)
            self._write((end + 12, y), self._number(each.tweets), LABEL, INK, "lm")

    def _months(self) -> list[str]:
        names = [self._say.say(each) for each in stats_text.MONTHS]
        return names if all(map(self.writes, names)) else [str(each) for each in range(1, 13)]

    def _number(self, number: int) -> str:
        """A formatted number; the font has no narrow space."""
        return self._say.number(number).replace("\u202f", " ").replace("\xa0", " ")

    def writes(self, text: str) -> bool:
        """Whether the font can render every character of `text`."""
        font = self._font(LABEL)
        box = bytes(font.getmask(NO_SUCH_CHARACTER))
        return all(bytes(font.getmask(each)) != box for each in set(text))

    def _cut(self, text: str, width: float) -> str:
        """`text`, with its middle cut out if it is wider than `width`."""
        font = self._font(LABEL)
        kept = len(text)
        shown = text
        while font.getlength(shown) > width:
            kept -= 1
            shown = f"{text[: kept // 2]}…{text[len(text) - (kept - kept // 2) :]}"
        return shown

    def _write(
        self,
        at: tuple[float, float],
        text: str,
        size: int,
        colour: str = INK,
        anchor: str = "la",
    ) -> None:
        self._draw.text(at, text, colour, self._font(size), anchor)

    def _font(self, size: int) -> FreeTypeFont:
        from PIL import ImageFont

        if size not in self._fonts:
            font = ImageFont.load_default(size)
            if not isinstance(font, ImageFont.FreeTypeFont):
                raise TypeError("this Pillow was built without FreeType")
            self._fonts[size] = font
        return self._fonts[size]


def _round_up(most: int) -> int:
    """The least number ≥ `most` that is 1, 2, 4, 5, 6, 8 or 10 times a power of ten."""
    power = int("1" + "0" * (len(str(most)) - 1))
    return next(each * power for each in (1, 2, 4, 5, 6, 8, 10) if each * power >= most)
