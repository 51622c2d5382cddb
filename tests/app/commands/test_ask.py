"""`/ask`, as members of a guild use it."""

from __future__ import annotations

import asyncio
import json
import random
import re
import zipfile
from datetime import UTC, datetime, timedelta

import discord
import pytest

from tests.app.conftest import Scene, reloaded
from tests.directions import loose
from tests.discord_server import Message
from tests.linked import FIRST, link, save_linked_thread

FIND = "[Find on X](<https://x.com/search?q=%22"


async def test_answers_privately_with_bold_words_place_and_sources(scene: Scene) -> None:
    exchange = await scene.ada.slash("ask", question="chip export controls")
    message = await exchange.reply()
    assert message.ephemeral
    assert "**15 tweets in 4 threads** · chip export controls" in message.text
    assert "who oversaw **export** **controls** during the Biden years" in message.text
    assert "tweet 7 of 19" in message.text
    assert f"{FIND}The%20maneuvers%20are%20testing" in message.text
    assert message.text.count(FIND) == message.text.count("\n> ") == 2
    others = await (await scene.ada.press(message, label="Next ▶")).reply()
    assert "**Only some of the words**" in others.text
    assert "-# Preview: only its first 3 tweets are saved\n-# tweet 2 · " in others.text
    assert exchange.acknowledged_after < 3


async def test_hits_of_one_thread_are_one_entry(scene: Scene) -> None:
    message = await (await scene.ada.slash("ask", question="hard drives")).reply()
    assert message.text.count("Chinese AI Companies Dodge") == 1
    assert message.text.count("\n> ") >= 3


async def test_reading_on_opens_the_thread_at_the_hit(scene: Scene) -> None:
    message = await (await scene.ada.slash("ask", question="chip export controls")).reply()
    opened = await scene.ada.press(message, label="Tweet 7")
    page = await opened.reply()
    assert page.ephemeral
    assert opened.updated
    back = await scene.ada.press(page, label="Back to results")
    assert back.updated
    assert (await back.reply()).text == message.text
    assert "The maneuvers are testing the limits" in page.text
    assert "-# ▶ **7** · " in page.text


async def test_nothing_found_names_the_words_and_some_threads(scene: Scene) -> None:
    message = await (await scene.ada.slash("ask", question="zebra")).reply()
    assert "**Nothing matches**" in message.text
    assert "zebra (0 tweets)" in message.text
    assert "Chinese AI Companies Dodge" in message.text


async def test_a_misspelling_is_put_right_and_can_be_asked_as_written(scene: Scene) -> None:
    message = await (await scene.ada.slash("ask", question="Dalia Lama")).reply()
    assert "Showing results for **Dalai Lama** instead of *Dalia Lama*." in message.text
    assert "**Dalai** **Lama**" in message.text
    pressed = await scene.ada.press(message, label="Search instead for Dalia Lama")
    assert pressed.updated
    exact = await pressed.reply()
    assert "Showing results for" not in exact.text
    assert "No tweet has “Dalia”." in exact.text
    back = await scene.ada.press(exact, label="Did you mean: Dalai Lama")
    assert back.updated
    assert "**2 tweets in 1 thread** · Dalai Lama" in (await back.reply()).text


async def test_mentions_in_a_tweet_ping_nobody_and_markdown_stays_text(scene: Scene) -> None:
    tweet = (
        "Hey @everyone and <@1>, **this** is `not` __markup__ ||at all|| [here](https://e.org/a_b)"
    )
    (scene.seeds / "loud.txt").write_text(f"{tweet}\n", encoding="utf-8")
    await reloaded(scene)
    message = await (await scene.ada.slash("ask", question="markup everyone")).reply()
    assert message.pings == set()
    assert message.allowed_mentions == {"parse": []}
    assert r"\*\*this\*\* is \`not\`" in message.text
    assert r"\_\_**markup**\_\_" in message.text
    assert r"**\@everyone**" in message.text
    assert r"\<\@1\>" in message.text
    assert r"\[here\](<https://e.org/a_b>" in message.text


async def test_very_long_tweets_stay_within_discords_limits(scene: Scene) -> None:
    long = " ".join(f"*word{number}* 🎈" for number in range(3000))
    for number in range(6):
        (scene.seeds / f"long{number}.txt").write_text(
            f"{number} starts so differently that it is a thread of its own {long} okapi\n",
            encoding="utf-8",
        )
    await reloaded(scene)
    message = await (await scene.ada.slash("ask", question="okapi")).reply()
    assert message.text.count("**okapi**") == 6
    opened = await scene.ada.press(message, custom_id=message.buttons[0].custom_id)
    page = await opened.reply()
    while next(button for button in page.buttons if button.label == "Next ▶").disabled is False:
        page = await (await scene.ada.press(page, label="Next ▶")).reply()
    assert "okapi" in page.text
    assert "continued" in page.text


async def test_fifty_members_are_answered_in_time(scene: Scene) -> None:
    members = [scene.guild.add_member(f"member{number}") for number in range(50)]
    asked = await asyncio.gather(
        *(each.slash("ask", question=f"chip export {each.id % 50}") for each in members)
    )
    texts = [(await exchange.reply()).text for exchange in asked]
    assert all("export" in text for text in texts)


async def test_options_narrow_the_question(scene: Scene) -> None:
    asked = await scene.ada.slash("ask", question="drives", thread="15e2ef4b6f90")
    message = await asked.reply()
    assert "in 1 thread" in message.text
    nobody = await scene.ada.slash("ask", question="drives", author="nobody", since="2020")
    text = (await nobody.reply()).text.replace("\\", "")
    assert "**Nothing matches**" in text
    assert "tweets match without from:nobody since:2020-01-01." in text


async def test_every_filter_is_an_option(scene: Scene) -> None:
    asked = await scene.ada.slash(
        "ask", question="chips", mentions="@LizaLinWSJ", site="wsj.com", has_link=True
    )
    text = (await asked.reply()).text.replace("\\", "")
    assert "mentions:@LizaLinWSJ site:wsj.com has:link" in text
    assert "**3 tweets in 1 thread**" in text
    elsewhere = await scene.ada.slash("ask", question="chips", site="nowhere.example")
    text = (await elsewhere.reply()).text.replace("\\", "")
    assert "No tweet here links to nowhere.example." in text


@pytest.mark.parametrize(
    ("options", "refusal"),
    [
        ({"until": "soon"}, "“until:soon” is not a date. Write it like until:2025-06-13"),
        ({"since": "6/7/2025"}, "Write since:2025-07-06 or since:2025-06-07."),
        ({"since": "2025-13-01"}, "“since:2025-13-01” is not a date."),
        ({"author": "a b"}, "“from:a b” is not a handle. Write it like from:anna."),
    ],
)
async def test_a_filter_that_is_not_understood_is_refused_privately(
    scene: Scene, options: dict[str, str], refusal: str
) -> None:
    asked = await scene.ada.slash("ask", question="hard drives", **options)
    message = await asked.reply()
    assert message.ephemeral
    assert refusal in message.text.replace("\\", "")
    assert "suitcases" not in message.text


async def test_dates_are_understood_as_people_write_them(scene: Scene) -> None:
    today = datetime.now(UTC).date()
    for days in (0, 20, 400):
        (scene.seeds / f"{days}.txt").write_text(
            f"---\ndate: {today - timedelta(days=days)}\n---\nOkapi news {days} days old\n",
            encoding="utf-8",
        )
    await reloaded(scene)
    options = await scene.ada.slash("ask", question="okapi", since="3 weeks ago")
    text = (await options.reply()).text
    assert "2 tweets in 2 threads" in text
    assert f"since:{today - timedelta(days=21)}" in text.replace("\\", "")
    operator = await scene.ada.slash("ask", question='okapi since:"2 weeks ago"')
    assert "1 tweet in 1 thread" in (await operator.reply()).text
    old = await scene.ada.slash("ask", question="okapi until:yesterday")
    assert "2 tweets in 2 threads" in (await old.reply()).text


async def many(scene: Scene) -> None:
    """Load 17 threads on okapis, of as many days; they fill three pages."""
    for day in range(1, 18):
        (scene.seeds / f"{day:02}.txt").write_text(
            f"---\ndate: 2025-06-{day:02}\n---\nOkapi news of number {day:02}, shy as ever\n",
            encoding="utf-8",
        )
    await reloaded(scene)


async def test_the_pages_have_as_many_tweets_as_the_answer_says(scene: Scene) -> None:
    page = await (await scene.ada.slash("ask", question="chip export controls")).reply()
    told = re.search(r"The (\d) pages have (\d+) of the 15\. For the others, press", page.text)
    assert told
    shown = len(re.findall(r"-# tweet \d", page.text))
    for _ in range(int(told[1]) - 1):
        page = await (await scene.ada.press(page, label="Next ▶")).reply()
        shown += len(re.findall(r"-# tweet \d", page.text))
    assert shown == int(told[2]) < 15


def numbers(text: str) -> list[int]:
    """The numbers of the okapi threads in a message, in order."""
    return [int(each) for each in re.findall(r"\n\*\*__Okapi__ news of number (\d\d)", text)]


async def test_pages_lead_through_all_threads_that_match(scene: Scene) -> None:
    await many(scene)
    message = await (await scene.ada.slash("ask", question="okapi")).reply()
    assert "Page 1 of 3" in [each.label for each in message.buttons]
    seen = numbers(message.text)
    assert len(seen) == 7
    while not next(each for each in message.buttons if each.label == "Next ▶").disabled:
        turned = await scene.ada.press(message, label="Next ▶")
        assert turned.updated
        message = await turned.reply()
        seen += numbers(message.text)
    assert sorted(seen) == [*range(1, 18)]
    back = await (await scene.ada.press(message, label="◀ Previous")).reply()
    assert numbers(back.text) == seen[7:14]
    assert not re.search(r"\*\*\d+\.", back.text)  # threads have no numbers, as pages share them


async def test_the_newest_come_first_if_wanted(scene: Scene) -> None:
    await many(scene)
    message = await (await scene.ada.slash("ask", question="okapi")).reply()
    newest = await (await scene.ada.press(message, label="Newest first")).reply()
    assert "Newest first." in newest.text
    assert numbers(newest.text) == [*range(17, 10, -1)]
    best = await (await scene.ada.press(newest, label="Best match first")).reply()
    assert "Newest first." not in best.text
    asked = await scene.ada.slash("ask", question="okapi suitcase", newest=True)
    assert "among tweets with one of the words" in (await asked.reply()).text


async def test_a_page_of_before_a_reload_says_so(scene: Scene) -> None:
    await many(scene)
    message = await (await scene.ada.slash("ask", question="okapi")).reply()
    (scene.seeds / "17.txt").unlink()
    await reloaded(scene)
    turned = await (await scene.ada.press(message, label="Next ▶")).reply()
    assert "The library was reloaded since" in turned.text
    again = await (await scene.ada.press(turned, label="Next ▶")).reply()
    assert "The library was reloaded since" not in again.text


async def test_why_names_each_words_share(scene: Scene) -> None:
    message = await (await scene.ada.slash("ask", question="chip export controls")).reply()
    pressed = await scene.ada.press(message, label="Why these?")
    why = await pressed.reply()
    assert why.ephemeral
    assert not pressed.updated
    text = why.text.replace("\\", "")
    said, figures = text.split("**Figures**")
    assert "controls (" in figures
    assert "the rarer they are" in said
    assert re.search(r"- Tweet 7 of 19 has “chip” \(\d+\s%\), “export” \(\d+\s%\) and “con", said)
    assert re.search(r"tweet 7 of 19: \d+\.\d\d = chip \d\.\d\d \+ export \d\.\d\d \+ ", figures)


async def test_a_hit_is_shared_anew_with_who_and_what(scene: Scene) -> None:
    message = await (await scene.ada.slash("ask", question="chip export controls")).reply()
    menu = await (await scene.ada.press(message, label="Share…")).reply()
    assert menu.ephemeral
    (select,) = menu.selects
    chosen = await scene.ada.choose(menu, values=[select.options[0][1]])
    shared = await chosen.reply()
    assert not shared.ephemeral
    assert "Ada shared this answer to: chip export controls" in shared.text
    assert "**Chinese AI Companies Dodge" in shared.text
    assert "who oversaw **export** **controls** during the Biden years" in shared.text
    opened = await (await scene.grace.press(shared, label="Read from here")).reply()
    assert opened.ephemeral


async def test_who_may_not_write_here_may_not_share_here(scene: Scene) -> None:
    mute = scene.guild.add_member("eve", without=discord.Permissions(send_messages=True))
    message = await (await mute.slash("ask", question="hard drives")).reply()
    refused = await (await mute.press(message, label="Share…")).reply()
    assert "You need the permission “Send Messages” in this channel" in refused.text
    assert refused.ephemeral


async def test_a_hit_that_is_gone_is_told_privately(scene: Scene) -> None:
    message = await (await scene.ada.slash("ask", question="hard drives")).reply()
    menu = await (await scene.ada.press(message, label="Share…")).reply()
    (scene.seeds / "a.txt").write_text("Okapis are shy\n", encoding="utf-8")
    next(scene.seeds.glob("000_*")).unlink()
    await reloaded(scene)
    chosen = await scene.ada.choose(menu, values=[menu.selects[0].options[0][1]])
    gone = await chosen.reply()
    assert gone.ephemeral
    assert "The library was reloaded since. Ask again" in gone.text


async def test_a_filter_that_hides_all_can_be_dropped_by_a_button(scene: Scene) -> None:
    message = await (await scene.ada.slash("ask", question="drives", author="nobody")).reply()
    wider = await (await scene.ada.press(message, label="Only the words: drives")).reply()
    assert "**drives**" in wider.text


def long_question(words: int) -> str:
    """A question of so many words, of which the last finds the okapis."""
    return " ".join([*(f"“word{number}”" for number in range(words - 1)), "okapi"])


async def test_a_long_question_has_all_its_buttons(scene: Scene) -> None:
    await many(scene)
    question = long_question(200)
    exchange = await scene.ada.slash("ask", question=question, public=True)
    message = await exchange.reply()
    turned = await (await scene.ada.press(message, label="Next ▶")).reply()
    assert "Page 2 of 3" in [each.label for each in turned.buttons]
    newest = await (await scene.ada.press(turned, label="Newest first")).reply()
    assert numbers(newest.text) == [*range(17, 10, -1)]
    why = await (await scene.ada.press(newest, label="Why these?")).reply()
    assert re.search(r"tweet 1 of 1: \d+\.\d\d = okapi", why.text)
    other = await scene.grace.press(newest, label="Next ▶")
    copy = await other.reply()
    assert copy.ephemeral
    last = await (await scene.grace.press(copy, label="Next ▶")).reply()
    assert numbers(last.text) == [3, 2, 1]


async def test_a_hit_of_a_long_question_is_shared_by_a_form(scene: Scene) -> None:
    await many(scene)
    message = await (await scene.ada.slash("ask", question=long_question(200))).reply()
    turned = await (await scene.ada.press(message, label="Next ▶")).reply()
    form = (await scene.ada.press(turned, label="Share…")).modal
    assert form is not None
    (menu,) = form.selects
    assert len(menu.options) == 7
    assert "Okapi news of number" in menu.options[0][0]
    shared = await (await scene.ada.submit(form, {"said": menu.options[1][1]})).reply()
    assert not shared.ephemeral
    assert "Ada shared this answer to: “word0”" in shared.text
    assert menu.options[1][0].partition("Okapi")[2][:20] in shared.text.replace("**", "")


async def test_a_question_too_long_for_buttons_has_a_menu_of_its_words(scene: Scene) -> None:
    await many(scene)
    dice = random.Random(7)  # noqa: S311  # the same words each time, no secret
    words = [f"x{dice.randrange(10**9)}" for _ in range(350)]
    message = await (await scene.ada.slash("ask", question=f"drives {' '.join(words)}")).reply()
    menu = message.selects[-1]
    assert len(menu.options) == 25
    why = await (await scene.ada.press(message, label="Why these?")).reply()
    assert "drives" in why.text
    (value,) = (value for label, value in menu.options if label.startswith("drives ("))
    chosen = await scene.ada.choose(message, values=[value])
    assert chosen.updated
    assert "· drives" in (await chosen.reply()).text


async def test_who_may_not_write_here_may_not_share_a_long_question(scene: Scene) -> None:
    await many(scene)
    mute = scene.guild.add_member("eve", without=discord.Permissions(send_messages=True))
    message = await (await mute.slash("ask", question=long_question(100))).reply()
    refused = await (await mute.press(message, label="Share…")).reply()
    assert "You need the permission “Send Messages” in this channel" in refused.text


async def test_the_words_of_a_long_message_have_pages(scene: Scene) -> None:
    await many(scene)
    said = await scene.grace.say(long_question(150))
    found = await (await scene.ada.message_command("Find threads about this", said)).reply()
    turned = await (await scene.ada.press(found, label="Next ▶")).reply()
    assert len(numbers(turned.text)) == 7


async def test_a_message_that_lost_a_part_of_its_question_says_so(scene: Scene) -> None:
    await many(scene)
    message = await (await scene.ada.slash("ask", question=long_question(100))).reply()
    stored = scene.server.message(message.id)
    (read,) = [
        each["components"][-1]["components"][0]
        for each in stored.raw["components"][1:2]
        if each["type"] == 17
    ]
    assert "¦" in read["custom_id"]
    read["custom_id"] = "tb1:read:15e2ef4b6f90:1"
    pressed = await scene.ada.press(message, label="Next ▶")
    assert "no longer holds its whole question" in (await pressed.reply()).text


async def test_a_question_too_long_even_for_a_message_says_where_the_limit_is(scene: Scene) -> None:
    await many(scene)
    dice = random.Random(7)  # noqa: S311  # the same signs each time, no secret
    signs = "".join(chr(dice.randrange(0x4E00, 0x9FFF)) for _ in range(3_900))
    message = await (await scene.ada.slash("ask", question=f"okapi {signs}")).reply()
    found = re.search(r"Shorten it to about ([\d,]+) characters", message.text)
    assert found
    assert {each.label for each in message.buttons} <= {"Read from here"}
    fits = int(found[1].replace(",", "")) * 9 // 10
    again = await (await scene.ada.slash("ask", question=f"okapi {signs}"[:fits])).reply()
    turned = await (await scene.ada.press(again, label="Next ▶")).reply()
    assert len(numbers(turned.text)) == 7


async def test_tweets_of_one_thread_that_complete_each_other_are_shown_together(
    scene: Scene,
) -> None:
    (scene.seeds / "okapi.txt").write_text(
        "1/ Okapis graze at dawn in the forest\n\n2/ Rangers count their tracks\n\n"
        "3/ Zinc mines threaten the park\n",
        encoding="utf-8",
    )
    await reloaded(scene)
    message = await (await scene.ada.slash("ask", question="okapis rangers")).reply()
    assert message.text.index("Okapis__ graze") < message.text.index("**Rangers**")
    assert message.text.count("-# ") == 3
    lone = await (await scene.ada.slash("ask", question="okapis mines")).reply()
    assert "count their tracks" not in lone.text


async def test_who_asks_too_fast_is_told_when_to_try_again(scene: Scene) -> None:
    asked = [await scene.ada.slash("ask", question="hard drives") for _ in range(16)]
    texts = [(await each.reply()).text for each in asked]
    assert all("hard" in text for text in texts[:15])
    assert "You are asking too fast. Try again in" in texts[15]
    assert (await asked[15].reply()).ephemeral
    assert "hard" in (await (await scene.grace.slash("ask", question="hard drives")).reply()).text


async def test_a_page_that_is_gone_is_said_to_be_gone(scene: Scene) -> None:
    await many(scene)
    first = await (await scene.ada.slash("ask", question="okapi")).reply()
    second = await (await scene.ada.press(first, label="Next ▶")).reply()
    last = await (await scene.ada.press(second, label="Next ▶")).reply()
    assert "There is no page" not in last.text
    back = await (await scene.ada.press(last, label="◀ Previous")).reply()
    for day in range(1, 13):
        (scene.seeds / f"{day:02}.txt").unlink()
    (scene.seeds / "okapi.txt").write_text("Okapi news, shy as ever\n", encoding="utf-8")
    await reloaded(scene)
    stale = await (await scene.ada.press(back, label="Next ▶")).reply()
    assert "There is no page 3. This is the only page." in stale.text


async def test_an_empty_library_is_said_to_be_empty(scene: Scene) -> None:
    for each in await scene.library.dumps():
        await scene.library.remove(each.file, "me")
    asked = await (await scene.ada.slash("ask", question="chips", public=True)).reply()
    assert asked.ephemeral
    assert "Nothing is loaded here yet." in asked.text
    assert "load files with /reload" in asked.text
    assert (
        "Nothing is loaded here yet."
        in (await (await scene.ada.slash("thread", thread="chips")).reply()).text
    )


async def test_all_sources_are_listed_with_file_and_line(scene: Scene) -> None:
    message = await (await scene.ada.slash("ask", question="chip export controls")).reply()
    assert ".txt:" not in message.text
    listed = await (await scene.ada.press(message, label="Sources")).reply()
    assert listed.ephemeral
    assert "000\\_6936bf5dd5a49f75.txt:8" in listed.text


async def test_all_matches_of_a_thread_have_pages_and_lead_back(scene: Scene) -> None:
    message = await (await scene.ada.slash("ask", question="hard drives Singapore data")).reply()
    label = next(each.label for each in message.buttons if (each.label or "").startswith("All "))
    every = await scene.ada.press(message, label=label)
    assert every.updated
    page = await every.reply()
    assert "in this thread**" in page.text
    back = await (await scene.ada.press(page, label="Back to results")).reply()
    assert back.text == message.text


async def test_all_matches_of_a_thread_are_turned_and_lead_back_from_each_page(
    scene: Scene,
) -> None:
    message = await (await scene.ada.slash("ask", question="chip export controls")).reply()
    first = await (await scene.ada.press(message, label="All 12 in this thread")).reply()
    assert "**12 tweets in this thread** · chip export controls" in first.text
    assert scene.server.message(first.id).text == first.text
    seen, page = places(first.text), first
    while not next(each for each in page.buttons if each.label == "Next ▶").disabled:
        turned = await scene.ada.press(page, label="Next ▶")
        assert turned.updated
        page = await turned.reply()
        seen += places(page.text)
    assert len(seen) == len(set(seen)) == 12
    assert "Page 2 of 2" in [each.label for each in page.buttons]
    assert "**Only some of the words**" not in page.text
    back = await (await scene.ada.press(page, label="Back to results")).reply()
    assert back.text == message.text


def places(text: str) -> list[str]:
    """The places of the tweets that a message shows."""
    return re.findall(r"tweet (\d+) of \d+", text)


async def test_all_matches_of_a_long_question_are_turned(scene: Scene) -> None:
    (scene.seeds / "okapis.txt").write_text(
        "\n\n".join(f"{place}/ Okapi number {place} is shy" for place in range(1, 13)),
        encoding="utf-8",
    )
    await reloaded(scene)
    message = await (await scene.ada.slash("ask", question=f"{long_question(60)} shy")).reply()
    first = await (await scene.ada.press(message, label="All 12 in this thread")).reply()
    assert "**12 tweets in this thread**" in first.text
    second = await (await scene.ada.press(first, label="Next ▶")).reply()
    assert len(places(first.text)) + len(places(second.text)) == 12
    back = await (await scene.ada.press(second, label="Back to results")).reply()
    assert back.text == message.text


async def test_all_matches_of_a_thread_that_is_gone_are_refused_privately(scene: Scene) -> None:
    asked = await scene.ada.slash("ask", question="chip export controls", public=True)
    message = await asked.reply()
    await without_the_seed(scene)
    pressed = await scene.ada.press(message, label="All 12 in this thread")
    told = await pressed.reply()
    assert told.ephemeral
    assert "Nothing in this thread matches" in told.text
    assert scene.server.message(message.id).text == message.text


async def without_the_seed(scene: Scene) -> None:
    """Reload with another dump in place of the given one."""
    (scene.seeds / "a.txt").write_text("Okapis are shy\n", encoding="utf-8")
    next(scene.seeds.glob("000_*")).unlink()
    await reloaded(scene)


async def test_sources_after_a_reload_are_those_of_now_and_say_so(scene: Scene) -> None:
    message = await (await scene.ada.slash("ask", question="chip export controls")).reply()
    (scene.seeds / "a.txt").write_text("Chip export controls bite\n", encoding="utf-8")
    await reloaded(scene)
    listed = await (await scene.ada.press(message, label="Sources")).reply()
    assert "The library was reloaded since. This page is up to date." in listed.text
    assert "a.txt:1" in listed.text
    why = await (await scene.ada.press(message, label="Why these?")).reply()
    assert "The library was reloaded since. This page is up to date." in why.text


@pytest.mark.parametrize("label", ["Sources", "Why these?", "Share…"])
async def test_what_no_longer_matches_has_no_sources_and_cannot_be_shared(
    scene: Scene, label: str
) -> None:
    asked = await scene.ada.slash("ask", question="chip export controls", public=True)
    message = await asked.reply()
    await without_the_seed(scene)
    told = await (await scene.ada.press(message, label=label)).reply()
    assert told.ephemeral
    assert told.text == "The library was reloaded since. Ask again for current results."


async def test_search_instead_is_offered_on_all_pages(scene: Scene) -> None:
    await many(scene)
    repaired = await (await scene.ada.slash("ask", question="okapii")).reply()
    assert "Showing results for **okapi** instead of *okapii*." in repaired.text
    second = await (await scene.ada.press(repaired, label="Next ▶")).reply()
    assert "Showing results for **okapi** instead of *okapii*." in second.text
    pressed = await scene.ada.press(second, label="Search instead for okapii")
    assert pressed.updated
    exact = await pressed.reply()
    assert "**Nothing matches** · okapii" in exact.text
    again = await (await scene.ada.press(exact, label="Did you mean: okapi")).reply()
    assert len(numbers(again.text)) == 7


async def test_a_question_as_written_stays_so_in_another_order(scene: Scene) -> None:
    repaired = await (await scene.ada.slash("ask", question="Dalia Lama")).reply()
    exact = await (await scene.ada.press(repaired, label="Search instead for Dalia Lama")).reply()
    newest = await (await scene.ada.press(exact, label="Newest first")).reply()
    best = await (await scene.ada.press(newest, label="Best match first")).reply()
    for page in (exact, newest, best):
        assert "Showing results for" not in page.text
        assert "**Lama**" in page.text
        assert "**Dalai**" not in page.text


async def test_a_question_as_written_that_finds_nothing_leaves_a_public_answer(
    scene: Scene,
) -> None:
    await many(scene)
    message = await (await scene.ada.slash("ask", question="okapii", public=True)).reply()
    assert "Showing results for **okapi** instead of *okapii*." in message.text
    told = await (await scene.ada.press(message, label="Search instead for okapii")).reply()
    assert told.ephemeral
    assert "**Nothing matches** · okapii" in told.text
    assert scene.server.message(message.id).text == message.text


async def test_a_crowded_page_has_a_menu_into_its_threads(scene: Scene) -> None:
    await many(scene)
    message = await (await scene.ada.slash("ask", question="okapii")).reply()
    (menu,) = message.selects
    assert "Read from here" not in [each.label for each in message.buttons]
    assert len(menu.options) == len(numbers(message.text)) == 7
    opened = await scene.ada.choose(message, values=[menu.options[2][1]])
    assert opened.updated
    page = await opened.reply()
    assert f"Okapi news of number {numbers(message.text)[2]:02}" in page.text
    back = await (await scene.ada.press(page, label="Back to results")).reply()
    assert back.text == message.text
    (scene.seeds / f"{numbers(message.text)[2]:02}.txt").unlink()
    await reloaded(scene)
    gone = await (await scene.ada.choose(back, values=[menu.options[2][1]])).reply()
    assert "No loaded thread has the id" in gone.text


async def test_the_menu_of_a_crowded_page_shows_all_matches_of_a_thread(scene: Scene) -> None:
    for each in range(1, 8):
        (scene.seeds / f"{each}.txt").write_text(
            f"1/ Okapi number {each}, an okapi\n\n"
            "2/ In the long and quiet evenings of the rainy season somebody may have seen an okapi "
            "by the river, or so the rangers of the park say\n",
            encoding="utf-8",
        )
    await reloaded(scene)
    page = await (await scene.ada.slash("ask", question="okapi")).reply()
    (menu,) = page.selects
    assert len(menu.options) == 14
    label, value = menu.options[1]
    assert label == "All 2 in this thread"
    every = await scene.ada.choose(page, values=[value])
    assert every.updated
    shown = await every.reply()
    assert "**2 tweets in this thread** · okapi" in shown.text
    back = await (await scene.ada.press(shown, label="Back to results")).reply()
    assert back.text == page.text


async def test_a_page_shows_as_many_pictures_as_there_is_room_for(scene: Scene) -> None:
    assert len(await with_pictures(scene, 9)) == 9
    message = await (await scene.ada.slash("ask", question="okapi picture", public=True)).reply()
    assert message.text.count("**__Okapi__ __picture__ number") == 7
    assert len(thumbnails(message)) == len(message.files) == 6
    assert "Delete" in [each.label for each in message.buttons]
    turned = await (await scene.ada.press(message, label="Next ▶")).reply()
    assert len(thumbnails(turned)) == 2


PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


async def with_pictures(scene: Scene, number: int = 2) -> list[str]:
    """Load a Mastodon archive with so many pictures; return their names in the library."""
    posts = [
        {
            "type": "Create",
            "object": {
                "id": f"https://sea.example/users/anna/statuses/{each}",
                "type": "Note",
                "published": f"2025-06-13T10:{each:02}:00Z",
                "url": f"https://sea.example/@anna/{each}",
                "attributedTo": "https://sea.example/users/anna",
                "content": f"<p>Okapi picture number {each}</p>",
                "to": ["https://www.w3.org/ns/activitystreams#Public"],
                "attachment": [
                    {
                        "type": "Document",
                        "mediaType": "image/png",
                        "url": f"/media_attachments/files/{each}.png",
                        "name": f"An okapi in the rain, number {each}",
                    }
                ],
            },
        }
        for each in range(1, number + 1)
    ]
    outbox = {"@context": "https://www.w3.org/ns/activitystreams", "orderedItems": posts}
    with zipfile.ZipFile(scene.seeds / "mastodon.zip", "w") as archive:
        archive.writestr("outbox.json", json.dumps(outbox))
        for each in range(1, number + 1):
            archive.writestr(f"media_attachments/files/{each}.png", PNG + bytes([each]))
    await reloaded(scene)
    return sorted(each.name for each in scene.library.media.iterdir())


def thumbnails(message: Message) -> list[str]:
    """The URLs of the thumbnails in a message."""
    return re.findall(r'"media": \{"url": "([^"]+)"', json.dumps(message.raw["components"]))


async def test_pictures_of_an_archive_are_thumbnails_that_are_attached(scene: Scene) -> None:
    names = await with_pictures(scene)
    assert len(names) == 2
    message = await (await scene.ada.slash("ask", question="okapi picture")).reply()
    assert sorted(file.filename for file in message.files) == names
    assert len(thumbnails(message)) == 2
    found = await (await scene.ada.slash("ask", question="okapi rain")).reply()
    assert "-# Alt text: An **okapi** in the **rain**, number 1" in found.text
    newest = await (await scene.ada.press(message, label="Newest first")).reply()
    assert len(thumbnails(newest)) == 2
    gone = await (await scene.ada.press(newest, custom_id=newest.buttons[0].custom_id)).reply()
    back = await (await scene.ada.press(gone, label="Back to results")).reply()
    assert len(thumbnails(back)) == 2


async def test_a_picture_whose_file_is_gone_is_left_out(scene: Scene) -> None:
    names = await with_pictures(scene)
    (scene.library.media / names[0]).unlink()
    message = await (await scene.ada.slash("ask", question="okapi picture")).reply()
    assert [file.filename for file in message.files] == names[1:]
    assert len(thumbnails(message)) == 1
    assert message.text.count("**__Okapi__ __picture__ number") == 2
    (scene.library.media / names[1]).unlink()
    none = await (await scene.ada.press(message, label="Newest first")).reply()
    assert thumbnails(none) == []
    assert none.text.count("__Okapi__ __picture__ number") == 2


MARKED = "-# ▶ **25**"


async def test_a_link_to_a_loaded_tweet_opens_it_in_its_thread(scene: Scene) -> None:
    save_linked_thread(scene.seeds)
    await reloaded(scene)
    asked = link(25).replace("x.com", "mobile.twitter.com") + "?s=20"
    message = await (await scene.ada.slash("ask", question=f"<{asked}>")).reply()
    assert MARKED in message.text
    assert message.text.count("▶") == 1
    beside = await (await scene.ada.slash("ask", question=f"{link(25)} hard drives")).reply()
    assert MARKED in beside.text
    answer = await (await scene.ada.press(beside, label="Ask: hard drives")).reply()
    assert "**hard** **drives**" in answer.text


async def test_a_link_to_an_unknown_tweet_finds_no_other_thread(scene: Scene) -> None:
    save_linked_thread(scene.seeds)
    await reloaded(scene)
    asked = await scene.ada.slash("ask", question="https://x.com/anna/status/25", public=True)
    message = await asked.reply()
    assert message.ephemeral
    assert "That tweet is not in the loaded files." in message.text
    (menu,) = message.selects
    opened = await (await scene.ada.choose(message, values=[menu.options[0][1]])).reply()
    assert "Harbour number 1 lies quiet" in opened.text
    beside = await scene.ada.slash("ask", question="https://x.com/b/status/25 hard drives")
    text = (await beside.reply()).text
    assert "That tweet is not in the loaded files." in text
    assert "**hard** **drives**" in text


async def test_a_link_to_a_hidden_tweet_says_that_it_is_hidden(scene: Scene) -> None:
    save_linked_thread(scene.seeds)
    await reloaded(scene)
    await scene.library.forget("me", author="anna")
    message = await (await scene.ada.slash("ask", question=link(25))).reply()
    assert message.text.startswith("That tweet is hidden here.")
    beside = await (await scene.ada.slash("ask", question=f"{link(25)} hard drives")).reply()
    assert "That tweet is hidden here." in beside.text


async def test_a_message_with_a_link_or_a_forward_of_one_opens_the_tweet(scene: Scene) -> None:
    save_linked_thread(scene.seeds)
    await reloaded(scene)
    said = await scene.grace.say(f"Have you seen https://vxtwitter.com/i/status/{FIRST + 24}?")
    for message in (said, await scene.grace.forward(said)):
        found = await scene.ada.message_command("Find threads about this", message)
        assert MARKED in (await found.reply()).text
    shown = await scene.grace.say("", embeds=[{"title": "Hard drives in suitcases"}])
    found = await scene.ada.message_command("Find threads about this", shown)
    assert "· Hard drives in suitcases\n-# 3 tweets have all" in (await found.reply()).text
    bare = await scene.grace.say("🔥")
    none = await scene.ada.message_command("Find threads about this", bare)
    assert "That message has no words" in (await none.reply()).text


async def test_what_is_not_found_is_private_whatever_public_says(scene: Scene) -> None:
    message = await (await scene.ada.slash("ask", question="zebra", public=True)).reply()
    assert "**Nothing matches**" in message.text
    assert message.ephemeral


async def test_a_public_answer_stays_where_another_question_finds_nothing(scene: Scene) -> None:
    message = await (await scene.ada.slash("ask", question="hard drives", public=True)).reply()
    (scene.seeds / "a.txt").write_text("Okapis are shy\n", encoding="utf-8")
    next(scene.seeds.glob("000_*")).unlink()
    await reloaded(scene)
    pressed = await scene.ada.press(message, label="Newest first")
    told = await pressed.reply()
    assert told.ephemeral
    assert not pressed.updated
    assert scene.server.message(message.id).text == message.text


async def test_sharing_twice_posts_once(scene: Scene) -> None:
    message = await (await scene.ada.slash("ask", question="chip export controls")).reply()
    menu = await (await scene.ada.press(message, label="Share…")).reply()
    value = menu.selects[0].options[0][1]
    pressed = await asyncio.gather(*(scene.ada.choose(menu, values=[value]) for _ in range(2)))
    shown = [await each.reply() for each in pressed]
    assert sorted(each.ephemeral for each in shown) == [False, True]
    assert "already shared" in next(each.text for each in shown if each.ephemeral)
    (posted,) = (each for each in shown if not each.ephemeral)
    other = await (await scene.ada.choose(menu, values=[menu.selects[0].options[1][1]])).reply()
    assert not other.ephemeral
    await scene.ada.press(posted, label="Delete")
    again = await (await scene.ada.choose(menu, values=[value])).reply()
    assert not again.ephemeral


async def test_what_was_understood_is_said_in_the_answer(scene: Scene) -> None:
    async def text(question: str) -> str:
        return (await (await scene.ada.slash("ask", question=question)).reply()).text

    several = await text("chips thread:china")
    assert "“thread:china” is “China, Philippines Make" in several
    assert "3 other threads have this in their title." in several
    assert "have this in their title" not in await text("chips thread:suitcases")
    assert "“yesterday” means since:20" in await text("china since:yesterday")
    page = await text("https://www.wsj.com/articles/other")
    assert "No tweet here links to this page. These tweets link to wsj.com." in page
    assert "**31 tweets in 5 threads** ·" in page
    assert "No tweet here links to zebra.example." in await text("https://zebra.example/a")


async def test_one_character_finds_the_tweets_with_it(scene: Scene) -> None:
    (scene.seeds / "harbours.txt").write_text("香港的港口很安静\n---\n船は港に着いた\n", "utf-8")
    await reloaded(scene)
    message = await (await scene.ada.slash("ask", question="港")).reply()
    assert message.text.startswith("**2 tweets in ")
    assert "船は**港**に着いた" in message.text
    nothing = await (await scene.ada.slash("ask", question="鯨")).reply()
    assert "Nothing matches" in nothing.text
    assert not [each.label for each in nothing.buttons if "Did you mean" in (each.label or "")]


async def test_an_unknown_author_is_offered_the_nearest_one(scene: Scene) -> None:
    save_linked_thread(scene.seeds)
    await reloaded(scene)
    wrong = await (await scene.ada.slash("ask", question="from:anma")).reply()
    assert "No tweet here is by \\@anma." in wrong.text
    assert "The question has no words" not in wrong.text
    right = await (await scene.ada.press(wrong, label="Did you mean: from:anna")).reply()
    assert "Harbour number" in right.text


async def test_a_star_is_said_to_be_no_operator(scene: Scene) -> None:
    message = await (await scene.ada.slash("ask", question="chips*")).reply()
    assert "the \\* is no operator here. The search is for the word “chips”." in message.text
    plain = await (await scene.ada.slash("ask", question="chips")).reply()
    assert "no operator" not in plain.text


async def test_a_text_that_turns_its_direction_turns_nothing_else(scene: Scene) -> None:
    evil = "\u202eports\u2066 sleep"
    (scene.seeds / "a\u202eb.txt").write_text(f"Cranes {evil}\n\nBerths {evil} now\n", "utf-8")
    await reloaded(scene)
    page = await (await scene.ada.slash("ask", question="berths")).reply()
    assert "ports" in page.text
    opened = await (await scene.ada.slash("thread", thread="cranes")).reply()
    dumps = await (await scene.grace.slash("library dumps")).reply()
    for shown in (page, opened, dumps):
        assert loose(shown.text) == []
        assert [each for button in shown.buttons for each in loose(button.label or "")] == []
    ((name, _),) = await scene.ada.autocomplete("thread", option="thread", text="cranes")
    assert loose(name) == []
