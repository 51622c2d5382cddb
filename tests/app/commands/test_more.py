"""The menu below a thread's page, in a message that also carries a long question."""

from __future__ import annotations

from hashlib import sha256

from tests.app.conftest import Scene


async def test_the_menu_works_in_a_message_that_carries_a_long_question(scene: Scene) -> None:
    noise = [sha256(bytes([number])).hexdigest()[:12] for number in range(50)]
    question = " ".join(["chip export controls", *noise])
    answer = await (await scene.ada.slash("ask", question=question)).reply()
    read = next(each.custom_id for each in answer.buttons if "tb1:read:" in (each.custom_id or ""))
    page = await (await scene.ada.press(answer, custom_id=read)).reply()
    (menu,) = page.selects
    values = [value for _, value in menu.options]
    saved = await (await scene.ada.choose(page, values=values[1:2])).reply()
    assert len(saved.files) == 3
    asked = await (await scene.ada.choose(page, values=values[2:])).reply()
    assert "This creates a Discord thread" in asked.text


async def test_a_thread_that_is_gone_is_not_listed(scene: Scene) -> None:
    page = await (await scene.ada.slash("thread", thread="suitcases")).reply()
    asked = await (await scene.grace.slash("library forget", thread="suitcases")).reply()
    await (await scene.grace.press(asked, label="Hide")).reply()
    gone = await (await scene.ada.choose(page, values=["sources"])).reply()
    assert gone.ephemeral
    assert "No loaded thread has the id" in gone.text
