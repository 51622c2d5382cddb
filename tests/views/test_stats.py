"""A library's figures: every one in words, and what is drawn of them."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageColor, ImageDraw

from bot.i18n.catalogues import languages
from bot.i18n.messages import ENGLISH, Language
from bot.reports import LibraryStats, Tally
from bot.views import stats_text
from bot.views.discord import picture
from bot.views.discord.stats_layout import stats_layout
from bot.views.terminal import stats_output
from tests.discord_server.errors import Form
from tests.discord_server.limits import check_message
from tests.discord_server.messages import IS_COMPONENTS_V2, MEDIA_GALLERY, TEXT_DISPLAY
from tests.views.terminal.test_output import ANSI, Tty

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
EMPTY = replace(SEED, complete=0, previews=0, tweets=0, hosts=(), all_hosts=0, unknown=0)
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


@settings(deadline=None, max_examples=30)  # drawing takes long on a slow machine
@given(figures(), st.sampled_from([ENGLISH, *languages().values()]))
def test_any_figures(stats: LibraryStats, say: Language) -> None:
    said: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        note_what_is_written(patch, said)
        text, described = shown(stats, say)
    assert len(text) <= 4000
    assert bool(described) == bool(said) == bool(stats.months or stats.hosts or stats.authors)
    pen = picture.Pen(ImageDraw.Draw(Image.new("RGB", (1, 1))), ENGLISH)
    assert all(pen.writes(each.replace("\n", " ")) for each in said)
    for stream in (io.StringIO(), Tty()):
        stats_output.write_stats(stats, stream)
        assert stream.getvalue()


@given(figures())
def test_periods_are_few_leave_none_out_and_lose_no_tweet(stats: LibraryStats) -> None:
    line = stats_text.timeline(stats.months)
    if line is None:
        assert not stats.months
        return
    assert 1 <= len(line.bars) <= stats_text.MOST_BARS
    assert sum(each.tweets for each in line.bars) == stats.dated
    assert len({stats_text.period(line, each, ENGLISH) for each in line.bars}) == len(line.bars)
    assert line.bars[0].tweets
    assert line.bars[-1].tweets


def test_every_figure_of_twelve_years_is_in_the_text() -> None:
    text, described = shown(TWELVE_YEARS)
    plain = text.replace("\\", "")
    for each in TWELVE_YEARS.months:
        assert f"{each.tweets:,}" in plain
    assert "**2013** (" in plain
    assert "): Jun 124,161, Jul 124,162" in plain
    assert str(stats_text.REST_EMPTY) not in plain
    for number, host in enumerate(TWELVE_YEARS.hosts, start=1):
        assert re.search(rf"^{number}\. very-long-name\.\S*: {host.tweets}$", plain, re.MULTILINE)
    assert "1. @anna: 1,000,000" in plain
    assert "2. @Анна: 5" in plain
    assert "299,994 more tweets do not name their author." in plain
    assert "more line" not in plain
    assert described is not None
    assert (
        "Tweets per month, Jun 2013 through May 2025. The peak is 124,304, in May 2025."
        in described
    )


def test_months_without_a_tweet_are_told_to_have_none() -> None:
    text, _ = shown(replace(SEED, months=(Tally("2025-04", 3), Tally("2025-06", 7)), dated=10))
    assert text.endswith("**2025** (10): Apr 3, Jun 7\nPeriods that are not listed have no tweets.")


def test_without_dates_there_is_no_chart_of_months_and_the_text_says_why() -> None:
    text, described = shown(SEED)
    assert "37 tweets in 7 threads (1 complete, 6 previews) from 1 file" in text
    assert "No tweet here has a date, so there are no monthly figures." in text
    assert "None of these tweets names its author." in text
    assert described == "Bar charts. Tweets by linked site: wsj.com 7."
    dated = replace(SEED, dated=37, first="2025-06-01", last="2025-06-09")
    with_months = replace(dated, months=(Tally("2025-06", 37),))
    assert image_of(with_months).height > image_of(SEED).height


def test_an_empty_library_is_told_kindly_and_nothing_is_drawn() -> None:
    assert picture.drawn(EMPTY, ENGLISH) is None
    text, described = shown(EMPTY)
    assert text.startswith("**Nothing is loaded yet.")
    assert "Load files of threads with /reload." in text
    assert described is None


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


def note_what_is_written(monkeypatch: pytest.MonkeyPatch, said: list[str]) -> None:
    """Have all that is written into pictures be in `said` too."""
    draw = ImageDraw.ImageDraw.text

    def noted(self: ImageDraw.ImageDraw, at: Any, text: str, *rest: Any, **more: Any) -> None:
        said.append(text)
        draw(self, at, text, *rest, **more)

    monkeypatch.setattr(ImageDraw.ImageDraw, "text", noted)


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


def test_a_file_gets_plain_lines_and_a_terminal_bars(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "COLORTERM", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "60")
    stats = replace(
        SEED, dated=37, first="2025-05-01", last="2025-06-01", authors=(Tally("anna", 30),)
    )
    stats = replace(stats, months=(Tally("2025-04", 30), Tally("2025-06", 7)), unknown=7)
    file, tty = io.StringIO(), Tty()
    stats_output.write_stats(stats, file)
    stats_output.write_stats(stats, tty)
    lines = file.getvalue().splitlines()
    assert lines[3:7] == ["Tweets per month", "30  Apr 2025", " 0  May 2025", " 7  Jun 2025"]
    assert "30  @anna" in lines
    assert lines[-1] == "7 more tweets do not name their author."
    assert "\x1b" not in file.getvalue()
    assert "█" not in file.getvalue()
    seen = ANSI.sub("", tty.getvalue())
    (april,) = [each for each in seen.splitlines() if each.startswith("Apr 2025")]
    (june,) = [each for each in seen.splitlines() if each.startswith("Jun 2025")]
    assert april.count("█") == 20
    assert june.count("█") == 4
    assert max(map(len, seen.splitlines())) <= 60
