"""`/thread`, as members of a guild use it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.loader.parser import read_dump
from bot.views.discord.parts import CHOICES
from tests.app.conftest import Scene, at_work, reloaded
from tests.conftest import SEEDS
from tests.discord_server import LoopbackDiscord
from tests.linked import link, save_linked_thread


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
    assert "-# **Preview only: the file contains 3 tweets of this thread.**" in page.text
    assert not [each for each in page.buttons if "Page" in (each.label or "")]


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
    await reloaded(scene)
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
    assert "No thread matches “zebra”" in message.text


async def test_a_number_leads_to_its_tweet(scene: Scene) -> None:
    page = await (await scene.ada.slash("thread", thread="suitcases")).reply()
    asked = await scene.ada.press(page, label="Go to tweet…")
    assert asked.modal is not None
    assert asked.modal.title == "Go to tweet"
    there = await scene.ada.submit(asked.modal, {"said": " 17 "})
    assert there.updated
    assert "-# ▶ **17** · " in (await there.reply()).text
    wrong = await scene.ada.submit(asked.modal, {"said": "soon"})
    assert "“soon” is not a tweet number" in (await wrong.reply()).text
    beyond = await scene.ada.submit(asked.modal, {"said": "999"})
    assert "-# **19** · " in (await beyond.reply()).text


async def test_words_are_found_in_the_thread_alone(scene: Scene) -> None:
    page = await (await scene.ada.slash("thread", thread="suitcases")).reply()
    asked = await scene.ada.press(page, label="Find in this thread…")
    assert asked.modal is not None
    found = await (await scene.ada.submit(asked.modal, {"said": "hard drives"})).reply()
    assert found.ephemeral
    assert "tweets in this thread" in found.text
    assert "tweet 16 of 19" in found.text
    assert "**hard** **drives**" in found.text
    read = [each for each in found.buttons if each.custom_id == "tb1:read:15e2ef4b6f90:16"]
    assert len(read) == 1
    nothing = await scene.ada.submit(asked.modal, {"said": "Dalai"})
    assert "Nothing in this thread matches" in (await nothing.reply()).text


async def test_a_form_that_another_process_opened_is_taken(tmp_path: Path) -> None:
    async with LoopbackDiscord() as server:
        ada = server.add_guild("Chips").add_member("ada")
        async with at_work(server, tmp_path / "data", SEEDS):
            page = await (await ada.slash("thread", thread="suitcases")).reply()
            asked = await ada.press(page, label="Go to tweet…")
        assert asked.modal is not None
        async with at_work(server, tmp_path / "data", SEEDS):
            there = await ada.submit(asked.modal, {"said": "17"})
            assert "-# ▶ **17** · " in (await there.reply()).text
        assert server.violations == []


async def test_a_thread_is_saved_as_files_that_load_again(scene: Scene) -> None:
    page = await (await scene.ada.slash("thread", thread="suitcases")).reply()
    saved = await (await scene.ada.choose(page, values=["save"])).reply()
    assert saved.ephemeral
    assert [each.filename.rsplit(".", 1)[1] for each in saved.files] == ["md", "txt", "json"]
    for each in saved.files:
        (thread,) = read_dump(each.content, each.filename).threads
        assert thread.id == "15e2ef4b6f90"
        assert len(thread.tweets) == 19


async def test_a_file_larger_than_discord_takes_is_named(scene: Scene) -> None:
    scene.server.attachment_size_limit = 5_000
    page = await (await scene.ada.slash("thread", thread="suitcases")).reply()
    saved = await (await scene.ada.choose(page, values=["save"])).reply()
    assert saved.files == ()
    assert "is too large for Discord" in saved.text


async def test_a_page_of_before_a_reload_says_so(scene: Scene) -> None:
    page = await (await scene.ada.slash("thread", thread="suitcases")).reply()
    (scene.seeds / "okapi.txt").write_text("Okapis are shy\n", encoding="utf-8")
    await reloaded(scene)
    turned = await (await scene.ada.press(page, label="Next ▶")).reply()
    assert "The library was reloaded since" in turned.text


async def test_no_file_tells_where_dumps_lie(scene: Scene, tmp_path: Path) -> None:
    dump = tmp_path / "secret" / "okapi.txt"
    dump.parent.mkdir()
    dump.write_text("Okapis are shy\n", encoding="utf-8")
    await scene.library.load([dump], "me")
    page = await (await scene.ada.slash("thread", thread="okapis")).reply()
    saved = await (await scene.ada.choose(page, values=["save"])).reply()
    assert not [each for each in saved.files if "secret" in each.text]
    listed = await (await scene.grace.slash("library dumps")).reply()
    assert "okapi.txt" in listed.text
    assert "secret" not in listed.text


async def test_a_name_that_fits_several_threads_opens_the_best_and_offers_the_others(
    scene: Scene,
) -> None:
    page = await (await scene.ada.slash("thread", thread="china")).reply()
    assert "3 other threads have “china” in their title." in page.text
    others, _ = page.selects
    (_, other), *_ = others.options
    choice = await scene.ada.choose(page, values=[other], custom_id=others.custom_id)
    chosen = await choice.reply()
    assert chosen.id == page.id
    assert chosen.text != page.text
    assert "other thread" not in chosen.text
    alone = await (await scene.ada.slash("thread", thread="suitcases")).reply()
    assert [each.custom_id for each in alone.selects if "pick" in each.custom_id] == []


async def test_a_thread_that_is_only_a_guess_is_called_one(scene: Scene) -> None:
    page = await (await scene.ada.slash("thread", thread="Kendler")).reply()
    assert "No title has these words. This thread has the tweet that matches" in page.text


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("8ceb0e646c06", "No loaded thread has the id 8ceb0e646c06."),
        ("zebra", "No thread matches “zebra”."),
    ],
)
async def test_a_reference_that_is_not_loaded_is_called_what_it_is(
    scene: Scene, reference: str, said: str
) -> None:
    refused = await (await scene.ada.slash("thread", thread=reference)).reply()
    assert refused.ephemeral
    assert said in refused.text.replace("\\", "")
    searches = [each.label for each in refused.buttons]
    assert searches == (["Search the tweets for zebra"] if reference == "zebra" else [])
    assert len(refused.selects[0].options) == 7


async def test_a_link_to_a_tweet_opens_its_page_and_marks_it(scene: Scene) -> None:
    save_linked_thread(scene.seeds)
    await reloaded(scene)
    page = await (await scene.ada.slash("thread", thread=link(25))).reply()
    assert "-# ▶ **25**" in page.text
    assert "**1**" not in page.text
    unknown = await scene.ada.slash("thread", thread=link(99), public=True)
    told = await unknown.reply()
    assert told.ephemeral
    assert "That tweet is not in the loaded files." in told.text
    assert len(told.selects[0].options) == 1


async def test_a_thread_leads_back_to_the_answer_it_was_opened_from(scene: Scene) -> None:
    answer = await (await scene.ada.slash("ask", question="chip export controls")).reply()
    read = next(each.custom_id for each in answer.buttons if "tb1:read:" in (each.custom_id or ""))
    opened = await scene.ada.press(answer, custom_id=read)
    assert opened.updated
    page = await opened.reply()
    assert "-# ▶ **" in page.text
    turned = await (await scene.ada.press(page, label="◀ Previous")).reply()
    back = await scene.ada.press(turned, label="Back to results")
    assert back.updated
    assert (await back.reply()).text == answer.text


async def test_a_long_question_comes_back_from_a_thread_too(scene: Scene) -> None:
    question = "chip export controls " + " ".join(f"word{number}" for number in range(60))
    answer = await (await scene.ada.slash("ask", question=question)).reply()
    read = next(each.custom_id for each in answer.buttons if "tb1:read:" in (each.custom_id or ""))
    page = await (await scene.ada.press(answer, custom_id=read)).reply()
    back = await (await scene.ada.press(page, label="Back to results")).reply()
    assert back.text == answer.text


async def test_a_thread_that_was_named_leads_nowhere_back(scene: Scene) -> None:
    page = await (await scene.ada.slash("thread", thread="suitcases")).reply()
    assert "Back to results" not in [each.label for each in page.buttons]


async def test_the_menu_lists_all_sources_of_a_page(scene: Scene) -> None:
    page = await (await scene.ada.slash("thread", thread="suitcases")).reply()
    assert page.text.count("wsj.com/tech/china-ai-…") == 1
    assert "000_6936bf5dd5a49f75.txt" not in page.text
    sources = await (await scene.ada.choose(page, values=["sources"])).reply()
    assert sources.ephemeral
    assert sources.text.count("wsj.com/tech/china-ai-…") > 1
    assert "-# **2** · [Find on X](<https://x.com/search" in sources.text
    assert r"000\_6936bf5dd5a49f75.txt:3" in sources.text


async def test_a_title_that_no_thread_has_leads_to_others_and_to_a_search(scene: Scene) -> None:
    message = await (await scene.ada.slash("thread", thread="dalaxyzzy")).reply()
    assert message.ephemeral
    (select,) = message.selects
    (near, value), *_ = select.options
    assert near.startswith("How Images of the Dalai Lama")
    chosen = await scene.ada.choose(message, values=[value])
    assert "DHARAMSHALA, India" in (await chosen.reply()).text
    nowhere = await (await scene.ada.slash("thread", thread="zebra")).reply()
    assert len(nowhere.selects[0].options) == 7
    asked = await scene.ada.press(nowhere, label="Search the tweets for zebra")
    assert "Nothing matches" in (await asked.reply()).text


async def test_an_unknown_id_opens_no_thread(scene: Scene) -> None:
    (scene.seeds / "numbers.txt").write_text("8 ships, ceb0e646c06 of them\n", encoding="utf-8")
    await reloaded(scene)
    for named in ("8ceb0e646c06", "#8CEB0E646C06", "https://example.org/8ceb0e646c06"):
        told = await (await scene.ada.slash("thread", thread=named)).reply()
        assert "ships" not in told.text
        assert told.ephemeral
        assert await scene.ada.autocomplete("thread", option="thread", text=named) == []
    ((_, known),) = await scene.ada.autocomplete("thread", option="thread", text="ships")
    page = await (await scene.ada.slash("thread", thread=f"#{known}")).reply()
    assert "8 ships" in page.text
