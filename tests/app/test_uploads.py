"""Uploaded dumps that wait to be loaded: within quotas, and gone when they fail."""

from __future__ import annotations

import asyncio
import io
import json
import os
import resource
import shutil
import subprocess
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import discord
import pytest

from bot.app import uploads
from bot.app.uploads import (
    MB,
    Quotas,
    Uploads,
    delete_old_uploads,
    delete_upload,
    find_upload,
    no_room,
)
from bot.errors import (
    DataFolderUnusable,
    DiskFull,
    UnusableName,
    UploadExpired,
    UploadFailed,
    UploadsFull,
    UploadsTooLarge,
)
from bot.models import Metadata
from tests.app.conftest import Scene, at_work, scene_with, until
from tests.conftest import SEEDS
from tests.discord_server import LoopbackDiscord, Member, Message, Upload

CHIPS, SHIPS = 101, 102
ANNA = Metadata(author="anna", source="https://e.org/okapi")


async def test_an_upload_is_found_by_its_token_with_its_metadata(tmp_path: Path) -> None:
    upload = await Uploads(tmp_path, Quotas()).save(CHIPS, [], ANNA)
    assert upload.files.is_dir()
    assert await find_upload(tmp_path, upload.token, CHIPS) == upload
    assert upload.metadata == ANNA


@pytest.mark.parametrize("guild", [SHIPS, None])
async def test_an_upload_is_found_in_its_guild_alone(tmp_path: Path, guild: int | None) -> None:
    upload = await Uploads(tmp_path, Quotas()).save(CHIPS, [], ANNA)
    with pytest.raises(UploadExpired):
        await find_upload(tmp_path, upload.token, guild)


async def test_a_deleted_upload_is_gone_and_can_be_deleted_again(tmp_path: Path) -> None:
    upload, other = [await Uploads(tmp_path, Quotas()).save(CHIPS, [], ANNA) for _ in range(2)]
    await delete_upload(upload)
    with pytest.raises(UploadExpired):
        await find_upload(tmp_path, upload.token, CHIPS)
    await delete_upload(upload)
    assert await find_upload(tmp_path, other.token, CHIPS) == other


async def test_old_uploads_are_deleted_and_others_stay(tmp_path: Path) -> None:
    old, new = [await Uploads(tmp_path, Quotas()).save(CHIPS, [], ANNA) for _ in range(2)]
    an_hour_ago = time.time() - 3600
    os.utime(old.files.parent, (an_hour_ago, an_hour_ago))
    delete_old_uploads(tmp_path, 1800)
    assert not old.files.exists()
    assert new.files.exists()


def test_a_library_without_uploads_has_none_to_delete(tmp_path: Path) -> None:
    delete_old_uploads(tmp_path, 0)
    assert list(tmp_path.iterdir()) == []


OKAPIS = Upload("okapi.txt", b"Okapis, a thread\nThey are shy\n")
LARGE = Upload("large.txt", b"Okapis are shy.\n" + b"\n" * (10 * MB - 16))
"""A file of 10 MB."""


def zipped(size: int) -> bytes:
    """An archive of so many bytes, with one dump and what is none."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("okapi.txt", OKAPIS.content)
        archive.writestr("noise.bin", bytes(size - 300))
    return packed.getvalue()


ONE_MB = Upload("a.zip", zipped(MB))


async def sent(member: Member, upload: Upload) -> Message:
    """What comes of a file that is sent with `/reload`."""
    asked = await member.slash("reload", file=upload)
    return await asked.reply(until=lambda message: "In progress" not in message.text, within=30)


def left_behind(library: Path) -> list[Path]:
    """Everything in the folder of uploads."""
    return sorted((library / uploads.FOLDER).glob("**/*"))


async def works_again(scene: Scene) -> None:
    """Check that nothing is left of a failed upload, and that the next one is loaded."""
    assert left_behind(scene.library.folder) == []
    preview = await sent(scene.grace, OKAPIS)
    report = await (await scene.grace.press(preview, label="Load")).reply()
    assert "+2 tweets." in report.text.replace("\\", "")
    assert left_behind(scene.library.folder) == []


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond `size` bytes, as on a disk that is full then."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_an_upload_that_does_not_fit_the_disk_leaves_nothing_behind(scene: Scene) -> None:
    with files_of_at_most(6 * MB):
        refused = await sent(scene.grace, LARGE)
        assert (refused.text, refused.ephemeral) == (str(DiskFull()), True)
    await works_again(scene)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 6 MB, where one can be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    command = [mount or "mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(folder)]
    if mount is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("no file system can be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)  # noqa: S607 - beside `mount`


async def test_10_mb_on_a_disk_of_6_mb_break_nothing(small_disk: Path) -> None:
    async with scene_with(small_disk / "data", SEEDS, quotas=Quotas(reserve=0)) as scene:
        for _ in range(3):
            assert (await sent(scene.grace, LARGE)).text == str(DiskFull())
            assert left_behind(scene.library.folder) == []
        await works_again(scene)


async def test_a_reserve_of_the_disk_stays_free(tmp_path: Path) -> None:
    free = shutil.disk_usage(tmp_path).free
    async with scene_with(tmp_path / "data", SEEDS, quotas=Quotas(reserve=2 * free)) as scene:
        scene.server.fail_files(500)  # it is refused before it is downloaded
        assert (await sent(scene.grace, OKAPIS)).text == str(DiskFull())
        assert left_behind(scene.library.folder) == []


async def test_a_server_s_files_have_a_quota_until_they_are_decided(tmp_path: Path) -> None:
    quotas = Quotas(per_guild=3 * MB // 2)
    async with scene_with(tmp_path / "data", SEEDS, quotas=quotas) as scene:
        waiting = await sent(scene.grace, ONE_MB)
        scene.server.fail_files(500)  # the next is refused before it is downloaded
        refused = await sent(scene.grace, ONE_MB)
        said = "The files have 1.00 MB, and this server has room for 0.50 of 1.50 MB."
        assert refused.text.startswith(said)
        assert refused.ephemeral
        scene.server.fail_files(None)
        await (await scene.grace.press(waiting, label="Cancel")).reply()
        assert (await sent(scene.grace, ONE_MB)).buttons
        assert "1.50 of 1.50" in (await sent(heidi(scene), LARGE)).text, "others have their own"


def heidi(scene: Scene) -> Member:
    """A manager of another server."""
    permissions = discord.Permissions(manage_guild=True)
    return scene.server.add_guild("Ships").add_member("heidi", permissions=permissions)


async def test_all_servers_have_a_quota_together(tmp_path: Path) -> None:
    quotas = Quotas(total=len(OKAPIS.content) + 1)
    async with scene_with(tmp_path / "data", SEEDS, quotas=quotas) as scene:
        await sent(scene.grace, OKAPIS)
        refused = await sent(heidi(scene), OKAPIS)
        assert refused.text == str(UploadsFull())


def waiting(library: Path, name: str, guild: int = CHIPS) -> uploads.Upload:
    """An upload that is about to be downloaded."""
    return uploads.Upload(name, library / "uploads" / name / "files", guild, ANNA)


def test_the_quotas_are_as_documented() -> None:
    assert Quotas() == Quotas(per_guild=100 * MB, total=500 * MB, reserve=64 * MB)


def test_what_others_have_yet_to_write_counts_as_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=100 * MB)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    saved = Uploads(tmp_path, Quotas(reserve=10 * MB))
    with saved._reserve(waiting(tmp_path, "one"), 50 * MB, {}):  # noqa: SLF001 - before a download
        with pytest.raises(DiskFull):
            saved._reserve(waiting(tmp_path, "two"), 41 * MB, {})  # noqa: SLF001
        saved._reserve(waiting(tmp_path, "three"), 40 * MB, {}).close()  # noqa: SLF001


def test_what_other_machines_keep_counts_too(tmp_path: Path) -> None:
    saved = Uploads(tmp_path, Quotas(per_guild=3 * MB, total=5 * MB, reserve=0))
    kept = {"there": json.dumps({"guild": CHIPS, "bytes": 2 * MB})}
    with pytest.raises(UploadsTooLarge):
        saved._reserve(waiting(tmp_path, "one"), 2 * MB, kept)  # noqa: SLF001
    saved._reserve(waiting(tmp_path, "two", SHIPS), 3 * MB, kept).close()  # noqa: SLF001
    with pytest.raises(UploadsFull):
        saved._reserve(waiting(tmp_path, "three"), MB, kept)  # noqa: SLF001


async def test_uploads_that_are_sent_at_once_share_the_quota(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(folder: Path) -> object:
        time.sleep(0.1)
        return usage(folder)

    usage = shutil.disk_usage
    monkeypatch.setattr(shutil, "disk_usage", slow)
    async with scene_with(tmp_path / "data", SEEDS, quotas=Quotas(per_guild=3 * MB // 2)) as scene:
        previews = await asyncio.gather(*(sent(scene.grace, ONE_MB) for _ in range(3)))
        refused = [each for each in previews if "this server has room for" in each.text]
        assert len(refused) == 2


@pytest.mark.parametrize(
    ("how", "why"),
    [(404, "gone"), (500, "refused"), ("cut off", "cut off"), ("stalled", "stalled")],
)
async def test_a_failed_download_is_explained_and_leaves_nothing_behind(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, how: int | str, why: str
) -> None:
    assert uploads.STALLED_SECONDS <= 20
    monkeypatch.setattr(uploads, "STALLED_SECONDS", 0.3)
    scene.server.fail_files(how)
    refused = await sent(scene.grace, OKAPIS)
    assert refused.text == str(UploadFailed("okapi.txt", why))  # type: ignore[arg-type]
    assert refused.ephemeral
    assert "okapi.txt" in refused.text
    assert "/reload" in refused.text
    scene.server.fail_files(None)
    await works_again(scene)


@pytest.mark.parametrize("how", ["shorter", "longer"])
async def test_a_file_of_another_size_than_discord_said_is_refused(scene: Scene, how: str) -> None:
    scene.server.fail_files(how)
    with files_of_at_most(6 * MB):  # 8 MB are not written to find out
        refused = await sent(scene.grace, OKAPIS)
    assert refused.text == str(UploadFailed("okapi.txt", "cut off"))
    scene.server.fail_files(None)
    await works_again(scene)


@pytest.mark.parametrize("name", ["okapi\0.txt", "o" * 300 + ".txt"])
async def test_a_name_that_no_file_can_have_is_explained(scene: Scene, name: str) -> None:
    refused = await sent(scene.grace, Upload(name, OKAPIS.content))
    assert refused.text.replace("\\", "") == str(UnusableName(name))
    assert "\0" not in refused.text
    await works_again(scene)


async def test_a_missing_data_folder_is_explained_and_not_made_anew(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    folder = scene.library.folder
    await sent(scene.grace, Upload("a.txt", b""))  # opens the server's own library
    moved = folder.rename(folder.with_name("elsewhere"))
    try:
        refused = await sent(scene.grace, OKAPIS)
        (said,) = DataFolderUnusable("").sentences
        assert refused.text.replace("\\", "") == str(said)
        assert str(folder) not in refused.text
        assert str(folder) in caplog.text
        assert not folder.exists()
    finally:
        moved.rename(folder)
    await works_again(scene)


async def test_what_a_crash_left_of_a_download_goes_at_the_next_start(tmp_path: Path) -> None:
    data = tmp_path / "data"
    async with LoopbackDiscord() as server:
        async with at_work(server, data, SEEDS):
            pass
        kept = await Uploads(data, Quotas()).save(CHIPS, [], ANNA)
        half = Uploads(data, Quotas())
        interrupted = uploads.Upload("0" * 16, data / "uploads" / ("0" * 16) / "files", CHIPS, ANNA)
        half._reserve(interrupted, 5, {}).close()  # noqa: SLF001 - as far as a crash let it come
        (data / "uploads" / ("1" * 16)).mkdir()
        async with at_work(server, data, SEEDS):
            assert [each.name for each in (data / "uploads").iterdir()] == [kept.token]


async def test_a_download_of_another_process_stays_when_a_bot_starts(tmp_path: Path) -> None:
    theirs = Uploads(tmp_path, Quotas())
    upload = uploads.Upload("0" * 16, tmp_path / "uploads" / ("0" * 16) / "files", CHIPS, ANNA)
    with theirs._reserve(upload, 5, {}):  # noqa: SLF001 - as far as it came meanwhile
        await Uploads(tmp_path, Quotas()).sweep(unfinished=True)
        assert upload.files.is_dir()
    await Uploads(tmp_path, Quotas()).sweep(unfinished=True)
    assert not upload.files.exists()


async def test_old_uploads_are_looked_for_every_hour(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert uploads.SWEEP_SECONDS <= 3600
    monkeypatch.setattr(uploads, "SWEEP_SECONDS", 0.1)
    async with scene_with(tmp_path / "data", SEEDS) as scene:
        preview = await sent(scene.grace, OKAPIS)
        (folder,) = (scene.library.folder / "uploads").iterdir()
        a_day_ago = time.time() - 24 * 3600 - 1
        os.utime(folder, (a_day_ago, a_day_ago))
        await until(lambda: not folder.exists())
        expired = await (await scene.grace.press(preview, label="Load")).reply()
        assert expired.text == str(UploadExpired())


def test_a_file_that_may_not_grow_is_a_full_disk(tmp_path: Path) -> None:
    with files_of_at_most(10), pytest.raises(OSError, match="large") as caught:
        (tmp_path / "a").write_bytes(b"x" * 100)
    assert no_room(caught.value)
    assert not no_room(FileNotFoundError(2, "No such file"))
    assert not no_room(ValueError("x"))
