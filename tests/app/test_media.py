"""Pictures of the library in messages, on a Discord of one's own."""

from __future__ import annotations

import asyncio
import io
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import discord
import pytest
from discord import app_commands, ui

from bot.app import media as module
from bot.app.client import Feature, Interaction
from bot.app.components import component
from bot.app.media import MOST_FILES, attached
from bot.app.reply import reply, update_message
from bot.loader.raw.pictures import file_name
from bot.models import Media
from bot.views.discord import media
from bot.views.discord.parts import WithFiles
from tests.app.conftest import Scene, scene_with
from tests.conftest import SEEDS
from tests.pictures import JPEG, PNG, outbox
from tests.strategies import tweet

PICTURES = [file_name(JPEG + bytes([number])) or "" for number in range(12)]
MISSING = f"{'0' * 64}.jpg"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with twelve pictures."""
    made = tmp_path / "media"
    made.mkdir()
    for number, name in enumerate(PICTURES):
        (made / name).write_bytes(JPEG + bytes([number]))
    return made


def gallery(*names: str) -> ui.MediaGallery[ui.LayoutView]:
    items = [
        discord.MediaGalleryItem(name if "://" in name else f"attachment://{name}")
        for name in names
    ]
    return ui.MediaGallery(*items)


def section(text: str, name: str) -> ui.Section[ui.LayoutView]:
    return ui.Section(text, accessory=ui.Thumbnail(f"attachment://{name}"))


def layout_of(*items: ui.Item[ui.LayoutView]) -> ui.LayoutView:
    layout = ui.LayoutView(timeout=None)
    for item in items:
        layout.add_item(item)
    return layout


def named(layout: ui.LayoutView) -> list[str]:
    return [name[:8] for name in module._named(layout)]  # noqa: SLF001


def kinds(layout: ui.LayoutView) -> list[str]:
    return [type(each).__name__ for each in layout.walk_children()]


async def test_a_layout_without_pictures_stays_as_it_is(folder: Path) -> None:
    layout = layout_of(ui.TextDisplay("Ports"), gallery("https://a.example/b.jpg"))
    assert await attached(layout, folder) == []
    assert kinds(layout) == ["TextDisplay", "MediaGallery"]


async def test_what_is_named_is_attached_once(folder: Path) -> None:
    one, two = PICTURES[:2]
    layout = layout_of(ui.Container(section("Ports", one), gallery(one, two)))
    files = await attached(layout, folder)
    assert [file.filename for file in files] == [one, two]
    assert files[0].fp.read() == JPEG + b"\0"
    assert kinds(layout).count("MediaGallery") == 1


async def test_what_is_missing_is_taken_out_with_what_is_empty_without_it(folder: Path) -> None:
    layout = layout_of(
        ui.Container(section("Ports", MISSING), gallery(MISSING, PICTURES[0])),
        ui.Container(gallery(MISSING)),
        ui.Container(gallery(MISSING), ui.Separator()),
        gallery(MISSING),
        ui.TextDisplay("Okapis"),
    )
    files = await attached(layout, folder)
    assert [file.filename for file in files] == [PICTURES[0]]
    assert kinds(layout) == ["Container", "TextDisplay", "MediaGallery", "TextDisplay"]
    assert named(layout) == [PICTURES[0][:8]]
    assert layout.total_children_count == 4


async def test_a_name_that_leads_out_of_the_folder_is_missing(folder: Path) -> None:
    (folder.parent / "secret.jpg").write_bytes(JPEG)
    layout = layout_of(gallery("../secret.jpg"), ui.TextDisplay("Okapis"))
    assert await attached(layout, folder) == []
    assert kinds(layout) == ["TextDisplay"]


async def test_no_message_has_more_than_ten_files(folder: Path) -> None:
    layout = layout_of(gallery(*PICTURES[:10]), gallery(*PICTURES[10:]), ui.TextDisplay("a"))
    assert len(await attached(layout, folder)) == MOST_FILES
    assert len(named(layout)) == MOST_FILES


async def test_files_of_the_layout_itself_come_first(folder: Path) -> None:
    layout = WithFiles([discord.File(io.BytesIO(PNG), "chart.png")])
    layout.add_item(gallery("chart.png", *PICTURES[:9]))
    layout.add_item(gallery(PICTURES[9]))
    files = await attached(layout, folder)
    assert [file.filename for file in files] == ["chart.png", *PICTURES[:9]]
    assert len(named(layout)) == 10


async def test_what_cannot_be_attached_is_shown_from_its_url(folder: Path) -> None:
    urls = [f"https://a.example/{name}" for name in (MISSING, PICTURES[0])]
    kept = [Media("photo", url, file=url.rsplit("/", 1)[1]) for url in urls]
    thumbnails = [media.thumbnail(tweet("Ports", media=(each,))) for each in kept]
    layout = layout_of(
        ui.MediaGallery(*map(media.item, kept)),
        *(ui.Section(ui.TextDisplay("Ports"), accessory=each) for each in thumbnails if each),
    )
    files = await attached(layout, folder)
    assert [file.filename for file in files] == [PICTURES[0]]
    shown = [each.media.url for each in layout.walk_children() if isinstance(each, ui.Thumbnail)]
    first, *_ = layout.children
    assert isinstance(first, ui.MediaGallery)
    shown += [each.media.url for each in first.items]
    assert shown[-2:] == [urls[0], f"attachment://{PICTURES[0]}"]
    assert set(named(layout)) == {PICTURES[0][:8]}


async def test_no_message_has_more_bytes_than_discord_takes(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 3 * len(JPEG))
    layout = layout_of(gallery(*PICTURES[:3]), ui.TextDisplay("a"))
    assert len(await attached(layout, folder)) == 2


PRESS = "picture-press"


async def _first(names: list[str]) -> ui.LayoutView:
    button: ui.Button[ui.LayoutView] = ui.Button(label="Next", custom_id=PRESS)
    return layout_of(section("Ports", names[0]), gallery(*names), ui.ActionRow(button))


@app_commands.command(name="pictures", description="Show pictures")
async def pictures(interaction: Interaction) -> None:
    await reply(interaction, _first([PICTURES[0], MISSING]))


async def turn(interaction: Interaction, *_: object) -> None:
    await update_message(interaction, _first([PICTURES[1], PICTURES[2]]))


@asynccontextmanager
async def shown(tmp_path: Path) -> AsyncIterator[Scene]:
    feature = Feature(commands=(pictures,), components=(component(PRESS, turn),))
    async with scene_with(tmp_path / "data", SEEDS, (feature,)) as scene:
        yield scene


def files_of(names: list[str]) -> Iterator[tuple[str, bytes]]:
    return ((name, JPEG + bytes([PICTURES.index(name)])) for name in names)


async def test_a_reply_and_its_update_carry_their_pictures(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "media"
    async with shown(tmp_path) as scene:
        await asyncio.to_thread(folder.mkdir)
        for name, data in files_of(PICTURES[:3]):
            (folder / name).write_bytes(data)
        page = await (await scene.ada.slash("pictures")).reply()
        assert [(each.filename, each.content) for each in page.files] == [*files_of(PICTURES[:1])]
        turned = await scene.ada.press(page, label="Next")
        page = await turned.reply()
        assert turned.updated
        assert [(each.filename, each.content) for each in page.files] == [*files_of(PICTURES[1:3])]


async def test_a_reply_whose_pictures_are_gone_is_its_text(tmp_path: Path) -> None:
    async with shown(tmp_path) as scene:
        page = await (await scene.ada.slash("pictures")).reply()
        assert page.files == ()
        assert page.text == "Ports"


async def test_a_thread_and_an_answer_show_the_pictures_of_an_archive(
    scene: Scene, tmp_path: Path
) -> None:
    await scene.library.load([outbox(tmp_path / "archive.zip")], "grace")
    page = await (await scene.ada.slash("thread", thread="okapis fence")).reply()
    assert [each.content for each in page.files] == [JPEG]
    answer = await (await scene.ada.slash("ask", question="okapis fence")).reply()
    assert [each.content for each in answer.files] == [JPEG]
    found = await (await scene.ada.slash("ask", question="gate")).reply()
    assert "gate, shut" in found.text.replace("**", "")


async def test_a_thread_whose_pictures_were_lost_is_shown_without_them(
    scene: Scene, tmp_path: Path
) -> None:
    await scene.library.load([outbox(tmp_path / "archive.zip")], "grace")
    await asyncio.to_thread(shutil.rmtree, scene.library.media)
    page = await (await scene.ada.slash("thread", thread="okapis fence")).reply()
    assert page.files == ()
    assert "Okapis by the fence" in page.text
