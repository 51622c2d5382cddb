"""Statistics to show: given ones and any, and the message and picture made of them."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from bot.i18n.messages import ENGLISH, Language
from bot.reports import LibraryStats, Tally
from bot.views.discord import picture
from bot.views.discord.stats_layout import stats_layout
from tests.discord_server.errors import Form
from tests.discord_server.limits import check_message
from tests.discord_server.messages import IS_COMPONENTS_V2, MEDIA_GALLERY, TEXT_DISPLAY

SEED = LibraryStats(
    generation=1,
    dumps=1,
    complete=1,
    previews=6,
    tweets=37,
    dated=0,
    first=None,
    last=None,
    months=(),
    hosts=(Tally("wsj.com", 7),),
    all_hosts=1,
    authors=(),
    all_authors=0,
    unknown=37,
)

EMPTY = replace(SEED, dumps=0, complete=0, previews=0, tweets=0, hosts=(), all_hosts=0, unknown=0)

TWELVE_YEARS = replace(
    SEED,
    tweets=1_300_000,
    dated=1_300_000,
    first="2013-06-02",
    last="2025-05-30",
    months=tuple(
        Tally(f"{each // 12}-{each % 12 + 1:02}", 100_000 + each)
        for each in range(2013 * 12 + 5, 2025 * 12 + 5)
    ),
    hosts=tuple(Tally(f"{'very-long-name.' * 16}{number}.org", 99 - number) for number in range(9)),
    authors=(Tally("anna", 1_000_000), Tally("Анна", 5), Tally("b", 1)),
    all_authors=3,
    unknown=299_994,
)

names = st.text(st.characters(exclude_categories=["Cs", "Z", "Cc"]), min_size=1, max_size=253)

tallies = st.lists(st.builds(Tally, names, st.integers(1, 10**9)), max_size=10).map(tuple)

month_numbers = st.integers(12, 9999 * 12 + 11)


@st.composite
def figures(draw: st.DrawFn) -> LibraryStats:
    """The figures of any library."""
    first = draw(month_numbers)
    span = draw(st.sampled_from([1, 12, 150, 160, 2_000, 20_000, 120_000]))
    numbers = st.integers(first, min(first + span, 9999 * 12 + 11))
    months = sorted(draw(st.sets(numbers, max_size=40)))
    if draw(st.booleans()) and months:
        months = list(range(months[0], min(months[0] + 150, 9999 * 12 + 11)))
    of_month = draw(st.integers(1, 10**7))
    hosts, authors = draw(tallies), draw(tallies)
    return replace(
        SEED,
        complete=draw(st.integers(0, 10**6)),
        tweets=max(of_month * len(months), draw(st.integers(0, 10**9))),
        dated=of_month * len(months),
        first="2013-06-02" if months else None,
        last="2025-05-30" if months else None,
        months=tuple(Tally(f"{each // 12:04}-{each % 12 + 1:02}", of_month) for each in months),
        hosts=hosts,
        all_hosts=len(hosts) * 2,
        authors=authors,
        all_authors=len(authors),
        unknown=draw(st.integers(0, 9)),
    )


def shown(stats: LibraryStats, say: Language = ENGLISH) -> tuple[str, str | None]:
    """The message's text, and what it says the picture shows; refused if Discord would refuse."""
    drawn = picture.drawn(stats, say)
    layout = stats_layout(stats, drawn, say)
    components: Any = layout.to_components()  # type: ignore[no-untyped-call]  # discord.py's
    data = {"flags": IS_COMPONENTS_V2, "components": components}
    check_message(Form(), data, ["stats.png"] if drawn else [])
    text = "\n".join(each["content"] for each in components if each["type"] == TEXT_DISPLAY)
    galleries = [each["items"][0] for each in components if each["type"] == MEDIA_GALLERY]
    return text, galleries[0]["description"] if galleries else None


def image_of(stats: LibraryStats, say: Language = ENGLISH) -> Image.Image:
    """The picture."""
    data = picture.drawn(stats, say)
    assert data is not None
    return Image.open(io.BytesIO(data))


def note_what_is_written(monkeypatch: pytest.MonkeyPatch, said: list[str]) -> None:
    """Have all that is written into pictures be in `said` too."""
    draw = ImageDraw.ImageDraw.text

    def noted(self: ImageDraw.ImageDraw, at: Any, text: str, *rest: Any, **more: Any) -> None:
        said.append(text)
        draw(self, at, text, *rest, **more)

    monkeypatch.setattr(ImageDraw.ImageDraw, "text", noted)
