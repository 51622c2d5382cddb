"""Uploaded dumps that wait to be loaded."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from bot.app.uploads import Quotas, Uploads, delete_old_uploads, delete_upload, find_upload
from bot.errors import UploadExpired
from bot.models import Metadata

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
