"""ZIP archives: an X archive as downloaded, dumps that somebody zipped, and traps."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from bot.errors import DumpError
from bot.intake import take_in
from bot.loader import archive
from tests.conftest import SEED

TWEETS = (Path(__file__).parent.parent / "dumps" / "x_archive_tweets.txt").read_bytes()
ACCOUNT = b'window.YTD.account.part0 = [ {"account" : {"username" : "me_myself"} } ]'


def zipped(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as writer:
        for name, data in files.items():
            writer.writestr(name, data)
    return made.getvalue()


def saved(folder: Path, files: dict[str, bytes]) -> Path:
    path = folder / "archive.zip"
    path.write_bytes(zipped(files))
    return path


def test_an_x_archive_gives_its_owner_s_threads(tmp_path: Path) -> None:
    files = {
        "data/account.js": ACCOUNT,
        "data/tweets.js": TWEETS,
        "data/ad-impressions.js": b"window.YTD.ads.part0 = [ ]",
        "data/tweets_media/1.jpg": b"\xff\xd8\xff",
    }
    intake = take_in([saved(tmp_path, files)])
    (reading,) = intake.readings
    assert intake.faults == ()
    assert reading.dump.file.endswith("archive.zip/data/tweets.js")
    (thread,) = reading.dump.threads
    assert (thread.author, len(thread.tweets)) == ("me_myself", 2)
    assert thread.tweets[1].permalink == "https://x.com/me_myself/status/1222539833458868230"


def test_zipped_dumps_are_read_one_by_one_and_faults_are_named(tmp_path: Path) -> None:
    files = {
        "a/seed.txt": SEED.read_bytes(),
        "empty.txt": b"",
        "__MACOSX/._seed.txt": b"\x00\x05",
        ".hidden": b"hidden",
        "photo.jpg": b"\xff\xd8\xff",
    }
    intake = take_in([saved(tmp_path, files)])
    (reading,) = intake.readings
    assert len(reading.dump.threads) == 7
    (fault,) = intake.faults
    assert fault.file.endswith("archive.zip/empty.txt")
    assert fault.message == "the file is empty"


def test_a_bomb_is_refused_and_the_rest_is_read(tmp_path: Path) -> None:
    intake = take_in([saved(tmp_path, {"bomb.txt": b"a" * 10_000_000, "ok.txt": b"Okapis"})])
    assert [each.dump.threads[0].title for each in intake.readings] == ["Okapis"]
    (fault,) = intake.faults
    assert "packed so tightly" in fault.message


def test_names_that_lead_out_of_the_archive_write_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "er"
    folder.mkdir(parents=True)
    take_in([saved(folder, {"../../escaped.txt": b"Okapis"})])
    assert not (tmp_path / "escaped.txt").exists()


def test_a_damaged_archive_is_an_error_that_names_it(tmp_path: Path) -> None:
    path = tmp_path / "broken.zip"
    path.write_bytes(zipped({"a.txt": b"Okapis"})[:-10])
    (fault,) = take_in([path]).faults
    assert fault.file.endswith("broken.zip")
    assert "this ZIP archive is damaged" in fault.message
    with pytest.raises(DumpError):
        list(archive.entries(path.read_bytes(), "broken.zip"))


def test_an_archive_of_nothing_is_told(tmp_path: Path) -> None:
    (fault,) = take_in([saved(tmp_path, {"photo.jpg": b"\xff\xd8\xff"})]).faults
    assert fault.message == "there is no dump in this ZIP archive"
