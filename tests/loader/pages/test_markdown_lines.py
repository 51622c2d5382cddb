"""What a line of Markdown shows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.loader.pages.markdown_lines import BOLD_NUMBER, Shown, is_markdown, is_rule, shown
from bot.models import Link, Media

NIGHT = Link("night", "https://news.example/night")


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("Ports grow quiet.", "Ports grow quiet."),
        ("**Ports** grow **very quiet**.", "Ports grow very quiet."),
        ("Ports *grow* _quiet_.", "Ports *grow* _quiet_."),
        ("2 ** 3 and ** 4", "2 ** 3 and ** 4"),
        ("**a*b**", "a*b"),
        (r"1\. the cranes \[all\] stand \*still\*", "1. the cranes [all] stand *still*"),
        (r"a\b", r"a\b"),
        ("steel &amp; tin &lt; gold", "steel & tin < gold"),
        ("Ports\xa0grow&nbsp;quiet.", "Ports grow quiet."),
        ("<b>Ports</b> grow<br/> <span class='x'>quiet</span>.", "Ports grow quiet."),
        ("a < b, <c> and a<b>b", "a < b, <c> and ab"),
    ],
)
def test_markup_is_taken_for_what_it_shows(line: str, text: str) -> None:
    assert shown(line) == Shown(text)


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("# Ports", "Ports"),
        ("###### Ports", "Ports"),
        ("## **Ports** ##", "Ports"),
    ],
)
def test_a_heading_is_recognized_and_shows_its_words(line: str, text: str) -> None:
    assert shown(line) == Shown(text, heading=True)


@pytest.mark.parametrize("line", ["#ports", "####### Ports", "Ports #"])
def test_a_hashtag_is_no_heading(line: str) -> None:
    assert shown(line) == Shown(line)


@pytest.mark.parametrize(
    ("line", "text", "links"),
    [
        ("A [night](https://news.example/night) there", "A night there", (NIGHT,)),
        ('A [night](<https://news.example/night> "At night")', "A night", (NIGHT,)),
        (
            "[Crane](https://wiki.example/Crane_(bird)) flies",
            "Crane flies",
            (Link("Crane", "https://wiki.example/Crane_(bird)"),),
        ),
        (
            r"[a \[b\]](http://news.example/a) [night](https://news.example/night)",
            "a [b] night",
            (Link("a [b]", "http://news.example/a"), NIGHT),
        ),
        ("[a](ftp://news.example/a)", "a", ()),
        ("[a](#a)", "a", ()),
        ("[steel](https://threadreaderapp.com/hashtag/steel)", "steel", ()),
        ("[steel](https://www.threadreaderapp.com/hashtag/steel)", "steel", ()),
        (
            "[steel](https://notthreadreaderapp.com/)",
            "steel",
            (Link("steel", "https://notthreadreaderapp.com/"),),
        ),
        ("[a](https://[news.example/a)", "a", (Link("a", "https://[news.example/a"),)),
        ("[a] (https://news.example/a)", "[a] (https://news.example/a)", ()),
    ],
)
def test_a_link_shows_its_words_and_keeps_its_address(
    line: str, text: str, links: tuple[Link, ...]
) -> None:
    assert shown(line) == Shown(text, links)


@pytest.mark.parametrize(
    ("line", "text", "pictures"),
    [
        ("![Image](https://pbs.example/a.jpg)", "", 1),
        ("All is well. ![Image](https://pbs.example/a.jpg) ![](b.png)", "All is well.", 2),
        ("Look: ![two cranes](a.jpg) and ![a ship](b.jpg).", "Look:  and .", 2),
        ("Ships ![🚢](https://pbs.example/a.svg) come", "Ships 🚢 come", 0),
        ("Ships ![ship](https://abs.example/emoji/v2/1f6a2.svg) come", "Ships ship come", 0),
        ("Ships ![](https://abs.example/emoji/v2/1f6a2.svg) come", "Ships  come", 0),
        ("[](https://news.example/night)", "", 1),
        ("[ ](https://news.example/night) at night", "at night", 1),
        ('See <video src="a.mp4">no</video> and <iframe src="b">', "See  and", 2),
        ("[![](https://pbs.example/a.jpg)](https://news.example/a) at night", "at night", 2),
    ],
)
def test_pictures_and_videos_are_counted_and_not_shown(line: str, text: str, pictures: int) -> None:
    assert replace(shown(line), media=()) == Shown(text, pictures=pictures)


PICTURE = "https://pbs.twimg.com/media/A?format=jpg&name=large"


@pytest.mark.parametrize(
    ("line", "media"),
    [
        (f"All is well. ![A crane]({PICTURE})", [Media("photo", PICTURE, "A crane")]),
        (f"![Image]({PICTURE}) ![]({PICTURE})", [Media("photo", PICTURE)]),
        (f"[![Image]({PICTURE})](https://x.com/a/status/1/photo/1)", [Media("photo", PICTURE)]),
        ("![a ship](media/b.jpg)", [Media("photo", None, "a ship", None, "media/b.jpg")]),
        (
            '<video poster="https://a.example/p.jpg" src="https://a.example/v.mp4"></video>',
            [Media("video", "https://a.example/p.jpg", None, "https://a.example/v.mp4")],
        ),
        ("![🚢](https://pbs.example/a.png)", []),
        ("![a Profile picture](https://pbs.example/a.png)", []),
        ("![](https://abs.twimg.com/emoji/v2/1f6a2.svg)", []),
        ("![](https://threadreaderapp.com/assets/icon.png)", []),
        ("[![](https://pbs.example/a.jpg)](https://news.example/night)", []),
    ],
)
def test_pictures_are_media_with_the_author_s_description(line: str, media: list[Media]) -> None:
    assert list(shown(line).media) == media


@pytest.mark.parametrize(
    "line",
    [
        "[![](https://pbs.example/a.jpg)](https://news.example/night)",
        "[**Night shifts** What goes on at the quay.](https://news.example/night)",
        "[**Night**](https://news.example/night) [news.example](https://news.example/night)",
    ],
)
def test_a_link_card_is_recognized(line: str) -> None:
    assert shown(line).is_card


@pytest.mark.parametrize(
    "line",
    [
        "[**Night shifts**](https://news.example/night) at the quay",
        "At the quay: [**Night shifts**](https://news.example/night)",
        "[Night shifts](https://news.example/night)",
        "[**Night shifts**]",
        "![](https://pbs.example/a.jpg)",
        "[](https://news.example/night)",
        "![](https://pbs.example/a.jpg) [](https://news.example/night) at the quay",
    ],
)
def test_a_link_or_a_picture_alone_is_not_a_card(line: str) -> None:
    assert not shown(line).is_card


@pytest.mark.parametrize("line", ["---", "- - -", "***", "* * *", "___", "=====", "———", "— — —"])
def test_a_rule_is_three_dashes_stars_or_lines_or_more(line: str) -> None:
    assert is_rule(line)


@pytest.mark.parametrize("line", ["--", "**", "====", "——", "--- a", "a ---", "-*-", "", "-> --- "])
def test_fewer_dashes_or_words_beside_them_are_no_rule(line: str) -> None:
    assert not is_rule(line)


MARKED = "A [night](https://news.example/night)"


@pytest.mark.parametrize(
    "second", [MARKED, "![Image](a.jpg)", r"1\. the cranes", "![", "[](https:"]
)
def test_text_is_markdown_if_two_lines_of_it_hold_what_only_markdown_does(second: str) -> None:
    assert is_markdown(["Ports", MARKED, "", second], below_front_matter=False)
    assert not is_markdown(["Ports", second, ""], below_front_matter=False)


@pytest.mark.parametrize("line", [MARKED, "## Night shifts"])
def test_below_front_matter_one_line_of_markdown_or_a_heading_will_do(line: str) -> None:
    assert is_markdown(["Ports", line], below_front_matter=True)
    assert not is_markdown(["Ports", "[1] cranes", "#ports"], below_front_matter=True)


def test_headings_alone_make_no_markdown_of_plain_text() -> None:
    assert not is_markdown(["# 1", "# 2", "# 3"], below_front_matter=False)
    assert not is_markdown([], below_front_matter=True)


def test_a_picture_of_the_page_is_no_media() -> None:
    found = shown("Ports ![a crane](https://abs.twimg.com/logo.png)")
    assert (found.text, found.media) == ("Ports", ())
    assert shown("![a ship](notes.txt) Ports").media == ()


def test_each_picture_and_video_of_a_line_is_media() -> None:
    video = '<video src="https://video.example/a.mp4"></video>'
    image = '<img src="https://pbs.example/b.jpg" alt="a crane">'
    assert shown(f"{video} ![a ship](https://pbs.example/a.jpg) {image}").media == (
        Media("video", None, None, "https://video.example/a.mp4"),
        Media("photo", "https://pbs.example/a.jpg", "a ship"),
        Media("photo", "https://pbs.example/b.jpg", "a crane"),
    )


def test_a_picture_on_a_card_of_the_page_is_no_media() -> None:
    icon = "![](https://threadreaderapp.com/images/note.png)"
    assert shown(f"{icon} ![a ship](https://pbs.example/a.jpg)").media == ()


def test_bold_over_several_lines_is_not_shown_and_two_pairs_of_stars_are() -> None:
    assert [shown(line).text for line in ("**Ports are", "shut.**")] == ["Ports are", "shut."]
    assert shown("** a ** b").text == "** a ** b"


def test_a_number_in_bold_stands_above_a_post() -> None:
    assert all(map(BOLD_NUMBER.fullmatch, ("**3/7**", "__Tweet 3 / 7__:")))
    assert not any(map(BOLD_NUMBER.fullmatch, ("**3**", "**Day 3/7**")))
