"""`/ask`, as members of a guild use it."""

from __future__ import annotations

import asyncio

from tests.app.conftest import Scene

FIND = "[Find on X](<https://x.com/search?q=%22"


async def test_answers_privately_with_bold_words_place_and_sources(scene: Scene) -> None:
    exchange = await scene.ada.slash("ask", question="chip export controls")
    message = await exchange.reply()
    assert message.ephemeral
    assert "**15 tweets in 4 threads**" in message.text
    assert "who oversaw **export** **controls** during the Biden years" in message.text
    assert "tweet 7 of 19" in message.text
    assert "preview" in message.text
    assert f"{FIND}The%20maneuvers%20are%20testing" in message.text
    assert message.text.count(FIND) == 4
    assert exchange.acknowledged_after < 3


async def test_hits_of_one_thread_are_one_entry(scene: Scene) -> None:
    message = await (await scene.ada.slash("ask", question="hard drives")).reply()
    assert len(message.buttons) == 1
    assert "more in this thread" in message.text


async def test_reading_on_opens_the_thread_at_the_hit(scene: Scene) -> None:
    message = await (await scene.ada.slash("ask", question="chip export controls")).reply()
    custom_id = message.buttons[0].custom_id
    opened = await scene.ada.press(message, custom_id=custom_id)
    page = await opened.reply()
    assert page.ephemeral
    assert not opened.updated
    assert "The maneuvers are testing the limits" in page.text
    assert "-# **7** · " in page.text


async def test_nothing_found_names_the_words_and_some_threads(scene: Scene) -> None:
    message = await (await scene.ada.slash("ask", question="zebra")).reply()
    assert "**Nothing matches**" in message.text
    assert "zebra (0 tweets)" in message.text
    assert "Chinese AI Companies Dodge" in message.text


async def test_a_misspelling_is_put_right_by_a_button(scene: Scene) -> None:
    message = await (await scene.ada.slash("ask", question="Dalia Lama")).reply()
    assert "No tweet has “Dalia”." in message.text
    pressed = await scene.ada.press(message, label="Did you mean: Dalai Lama")
    assert pressed.updated
    assert "**Dalai** **Lama**" in (await pressed.reply()).text


async def test_mentions_in_a_tweet_ping_nobody_and_markdown_stays_text(scene: Scene) -> None:
    tweet = (
        "Hey @everyone and <@1>, **this** is `not` __markup__ ||at all|| [here](https://e.org/a_b)"
    )
    (scene.seeds / "loud.txt").write_text(f"{tweet}\n", encoding="utf-8")
    await (await scene.grace.slash("reload")).reply()
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
    await (await scene.grace.slash("reload")).reply()
    message = await (await scene.ada.slash("ask", question="okapi")).reply()
    assert message.text.count("**okapi**") == 5
    opened = await scene.ada.press(message, custom_id=message.buttons[0].custom_id)
    page = await opened.reply()
    while next(button for button in page.buttons if button.label == "Next ▶").disabled is False:
        page = await (await scene.ada.press(page, label="Next ▶")).reply()
    assert "okapi" in page.text
    assert "continued" in page.text


async def test_fifty_members_are_answered_in_time(scene: Scene) -> None:
    asked = await asyncio.gather(
        *(scene.ada.slash("ask", question=f"chip export {number}") for number in range(50))
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
    assert "Without from:nobody since:2020-01-01 there would be" in text


async def test_a_wrong_option_is_told_and_the_rest_is_answered(scene: Scene) -> None:
    asked = await scene.ada.slash("ask", question="hard drives", until="soon")
    text = (await asked.reply()).text.replace("\\", "")
    assert "“until:soon” was left out: say up to which day" in text
    assert "hard" in text
