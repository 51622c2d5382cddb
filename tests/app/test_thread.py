"""`/thread`, as members of a guild use it."""

from __future__ import annotations

from bot.views.layout import CHOICES
from tests.app.conftest import Scene


async def test_pages_lead_through_the_whole_thread(scene: Scene) -> None:
    page = await (await scene.ada.slash("thread", thread="suitcases")).reply()
    assert page.ephemeral
    assert "Page 1 of 4" in [button.label for button in page.buttons]
    seen = page.text
    while not next(button for button in page.buttons if button.label == "Next ▶").disabled:
        turned = await scene.ada.press(page, label="Next ▶")
        assert turned.updated
        page = await turned.reply()
        seen += page.text
    assert [number for number in range(1, 20) if f"-# **{number}** · " in seen] == [*range(1, 20)]
    back = await scene.ada.press(page, label="◀ Previous")
    assert "Page 3 of 4" in [button.label for button in (await back.reply()).buttons]


async def test_a_preview_is_said_to_be_one(scene: Scene) -> None:
    page = await (await scene.ada.slash("thread", thread="Dalai Lama")).reply()
    assert "Only a preview: the dump has 3 tweets of the thread." in page.text
    assert page.buttons == []


async def test_titles_are_offered_while_typing(scene: Scene) -> None:
    offered = await scene.ada.autocomplete("thread", option="thread", text="suit")
    ((name, value),) = offered
    assert name.startswith("Chinese AI Companies Dodge U.S. Chip Curbs")
    page = await (await scene.ada.slash("thread", thread=value)).reply()
    assert "KUALA LUMPUR—In March" in page.text


async def test_before_anything_is_typed_all_are_offered(scene: Scene) -> None:
    assert len(await scene.ada.autocomplete("thread", option="thread", text="")) == 7
    for number in range(30):
        (scene.seeds / f"{number}.txt").write_text(f"Thread number {number}\n", encoding="utf-8")
    await (await scene.grace.slash("reload")).reply()
    assert len(await scene.ada.autocomplete("thread", option="thread", text="")) == CHOICES


async def test_alone_it_opens_the_last_answers_first_hit(scene: Scene) -> None:
    await (await scene.ada.slash("ask", question="robots half marathon")).reply()
    page = await (await scene.ada.slash("thread")).reply()
    assert "Metal met asphalt" in page.text


async def test_alone_with_no_answer_before_it_offers_a_menu(scene: Scene) -> None:
    menu = await (await scene.ada.slash("thread")).reply()
    (select,) = menu.selects
    chosen = await scene.ada.choose(menu, values=[select.options[2][1]])
    assert chosen.updated
    assert "DHARAMSHALA, India" in (await chosen.reply()).text


async def test_a_thread_that_is_not_there_is_a_private_sentence(scene: Scene) -> None:
    message = await (await scene.ada.slash("thread", thread="zebra")).reply()
    assert message.ephemeral
    assert "No thread answers to “zebra”" in message.text
