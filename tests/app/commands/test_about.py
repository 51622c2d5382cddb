"""`/help`, `/about`, public answers and the message command, as members use them."""

from __future__ import annotations

import re

from bot import __version__
from tests.app.conftest import Scene


async def test_help_has_examples_that_find_something(scene: Scene) -> None:
    message = await (await scene.ada.slash("help")).reply()
    assert message.ephemeral
    named = {name for name, _ in re.findall(r"</([\w ]+):(\d+)>", message.text)}
    assert named == {"ask", "thread", "about", "reload", "library role"}
    assert "`newest`" in message.text
    assert len(message.buttons) == 3
    for button in message.buttons:
        pressed = await scene.ada.press(message, custom_id=button.custom_id)
        assert pressed.updated
        assert re.search(r"tweets? in \d+ thread", (await pressed.reply()).text)
        message = await (await scene.ada.slash("help")).reply()


async def test_about_tells_what_is_served_and_what_is_kept(scene: Scene) -> None:
    message = await (await scene.ada.slash("about")).reply()
    assert message.ephemeral
    assert f"Threadbot {__version__}" in message.text
    assert (
        f"{scene.library.tweets} tweets in {len(scene.library.threads())} threads" in message.text
    )
    assert "Your questions are never stored." in message.text
    assert "generation" not in message.text
    *_, following = message.text.splitlines()
    assert [name for name, _ in re.findall(r"</(\w+):(\d+)>", following)] == [
        "ask",
        "thread",
        "help",
    ]


async def test_a_message_is_a_question_whose_operators_are_words(scene: Scene) -> None:
    said = await scene.grace.say("<@1> chip export controls -export https://e.org/zebra")
    message = await (await scene.ada.message_command("Find threads about this", said)).reply()
    assert message.ephemeral
    assert "**15 tweets in 4 threads**" in message.text


async def test_a_message_without_words_gets_a_hint(scene: Scene) -> None:
    said = await scene.grace.say("https://e.org/zebra 🔥")
    message = await (await scene.ada.message_command("Find threads about this", said)).reply()
    assert "no words to search for. Use /ask" in message.text


async def test_a_public_answer_is_turned_by_its_asker_alone(scene: Scene) -> None:
    message = await (await scene.ada.slash("ask", question="Dalia Lama", public=True)).reply()
    assert not message.ephemeral
    theirs = await scene.grace.press(message, label="Search instead for Dalia Lama")
    assert not theirs.updated
    assert (await theirs.reply()).ephemeral
    mine = await scene.ada.press(message, label="Search instead for Dalia Lama")
    assert mine.updated
    assert "No tweet has “Dalia”." in (await mine.reply()).text
    opened = await (await scene.ada.slash("thread", thread="hard drives", public=True)).reply()
    assert not opened.ephemeral
