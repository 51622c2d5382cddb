"""Checks whether the bot can run well here: settings, store, machine and versions.

Each check gives findings: `ok`, a `warning` or a `fault`, with advice.
"""

from __future__ import annotations

import base64
import binascii
import math
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path

from bot.arrays.array_file import is_whole, key_of
from bot.config import KEYS, Settings
from bot.errors import ClusterMissing, SettingsError, ShelfUnusable, StoreDamaged, StoreError
from bot.library.layer_files import FILE_VERSION
from bot.loader import PARSER_VERSION
from bot.loader.raw.pictures import file_name
from bot.operations import machine
from bot.operations.places import place_in
from bot.reports import DiscordSays, Finding
from bot.search.analyzer import ANALYZER_VERSION
from bot.store import picture_files
from bot.store.migrations import FILE
from bot.store.protocol import Place
from bot.store.shelf import Shelf

TOKEN = re.compile(r"([\w-]{18,})\.[\w-]{6,}\.[\w-]{20,}")
"""The form of a bot's token; its first part is the application's id in Base64."""
FOR_OTHERS = 0o077
"""The permissions that others have."""

SKIPPED = Finding(
    "skipped",
    "warning",
    "token, seeds, data folder, store, index files and disk were not checked, because the "
    "settings cannot be used",
    "Mend the settings, then run `threadbot doctor` again.",
)
"""What is said of the checks that need settings, if these are wrong."""
DAMAGED = (
    "Stop the bot and run `threadbot repair`, or restore a backup: threadbot restore --replace FILE"
)
"""What to do with a damaged store."""


def examined(
    settings: Settings | SettingsError,
    environment: Mapping[str, str],
    *,
    env_file: Path = Path(".env"),
    full: bool = False,
    discord: DiscordSays | None = None,
) -> list[Finding]:
    """Return what all checks found.

    Args:
        settings: the settings, or why they cannot be used.
        environment: settings by name.
        env_file: the file that may have settings.
        full: whether to read all of the store.
        discord: what Discord said, if it was asked.
    """
    found = [*_settings(settings, environment), *_env_file(env_file), *_connection(discord)]
    found += machine.versions()
    found += machine.kernels()
    if isinstance(settings, SettingsError):
        return [*found, SKIPPED, *machine.memory(), *machine.clock(None, discord)]
    place = place_in(settings)
    found += [*_token(settings.token, discord), *_shards(settings, discord)]
    found += [*_seeds(settings.seeds), *_layers(settings.layers), *_cluster(settings.cluster)]
    of_folder = [*_folder(place)]
    found += of_folder
    if settings.data.is_dir() or not is_faulty(of_folder):
        found += [*_store(place, full=full), *_index_files(settings.data, full=full)]
    found += [
        *machine.disk(place),
        *machine.memory(),
        *machine.clock(place, discord),
    ]
    return found


def _connection(discord: DiscordSays | None) -> Iterator[Finding]:
    if discord is not None and discord.date is None:
        yield Finding("discord", "fault", discord.problem, "Check the connection and the firewall.")


def is_faulty(findings: Sequence[Finding]) -> bool:
    """Whether anything must be mended."""
    return any(each.state == "fault" for each in findings)


def _settings(
    settings: Settings | SettingsError, environment: Mapping[str, str]
) -> Iterator[Finding]:
    if isinstance(settings, SettingsError):
        for problem in settings.problems:
            yield Finding(
                "settings", "fault", str(problem), "Change it in the environment or .env."
            )
    for key in sorted(environment):
        if key.startswith("THREADBOT_") and key not in KEYS:
            near = get_close_matches(key, KEYS, 1)
            advice = f"Did you mean {near[0]}?" if near else "Remove it, or see .env.example."
            yield Finding(
                "settings", "warning", f"{key} is no setting, so it has no effect", advice
            )
    if isinstance(settings, Settings):
        yield from _doubtful(settings)
        yield Finding("settings", "ok", "every value can be used")


def _doubtful(settings: Settings) -> Iterator[Finding]:
    """Warn of values that can be used, and are hardly meant."""
    if settings.http is not None and not _is_loopback(settings.http[0]):
        yield Finding(
            "settings",
            "warning",
            f"THREADBOT_HTTP is {settings.http[0]}:{settings.http[1]}, so others who reach this "
            "machine can read /healthz and /metrics",
            "Use 127.0.0.1, unless a firewall or a container's network keeps others out.",
        )
    if settings.upload_mb_per_server > settings.upload_mb:
        yield Finding(
            "settings",
            "warning",
            f"THREADBOT_UPLOAD_MB_PER_SERVER ({settings.upload_mb_per_server}) is above "
            f"THREADBOT_UPLOAD_MB ({settings.upload_mb}), so it has no effect",
            "Lower the first one, or raise the second one.",
        )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _env_file(path: Path) -> Iterator[Finding]:
    if os.name != "nt" and path.is_file() and path.stat().st_mode & FOR_OTHERS:
        yield Finding(
            "settings",
            "warning",
            f"{path} can be read by other users of this machine",
            f"Run: chmod 600 {path}",
        )


def _token(token: str | None, discord: DiscordSays | None) -> Iterator[Finding]:
    if token is None:
        yield Finding(
            "token",
            "warning",
            "DISCORD_TOKEN is not set, so the bot runs in the terminal only",
            "`threadbot run` says where to get it.",
        )
        return
    if not _is_token(token):
        yield Finding(
            "token",
            "fault",
            "DISCORD_TOKEN does not have the form of a bot's token",
            "Press Reset Token on the Bot page of your application, and copy all of it.",
        )
        return
    if discord is None:
        yield Finding("token", "ok", "it has the form of a token (--online asks Discord)")
    elif discord.application is None:
        yield Finding("token", "fault", discord.problem, "Check the token and the connection.")
    else:
        yield Finding("token", "ok", f"Discord accepts it, for application {discord.application}")


def _layers(url: str | None) -> Iterator[Finding]:
    """Check whether layers can be left for other machines."""
    if url is None:
        return
    try:
        shelf = Shelf(url)
        shelf.check()
        names = shelf.names()
    except (ShelfUnusable, OSError) as error:
        yield Finding(
            "layers",
            "fault",
            f"{error}",
            "Correct THREADBOT_LAYERS, or leave it empty. "
            "docs/scaling.md names the settings of S3.",
        )
    else:
        yield Finding("layers", "ok", f"{len(names)} files are shared at {url}")


def _cluster(address: str | None) -> Iterator[Finding]:
    """Check whether the package for a cluster is there."""
    if address is not None and find_spec("ray") is None:
        yield Finding("cluster", "fault", f"{ClusterMissing()}", "Install it, or leave it empty.")


def _shards(settings: Settings, discord: DiscordSays | None) -> Iterator[Finding]:
    """Check whether Discord lets the bot connect as the settings say."""
    if discord is None or discord.gateway is None:
        return
    gateway = discord.gateway
    count = settings.shards or gateway.shards
    needed = count if settings.shard_ids is None else len(settings.shard_ids)
    if gateway.starts_left < needed:
        hours, minutes = divmod(math.ceil(gateway.reset_seconds / 60), 60)
        yield Finding(
            "shards",
            "fault",
            f"a start begins {needed} of the sessions that Discord allows in a day, and "
            f"{gateway.starts_left} of {gateway.starts} are left",
            "Find out why the bot was started so often, and do not start it for "
            f"{hours} h {minutes} min: Discord would reset its token.",
        )
    if count < gateway.shards:
        yield Finding(
            "shards",
            "warning",
            f"THREADBOT_SHARDS is {count}, and Discord recommends {gateway.shards}",
            f"Set THREADBOT_SHARDS to auto, or to {gateway.shards} in all processes. Discord "
            "refuses a shard that would have more than 2,500 servers.",
        )
    elif gateway.starts_left >= needed:
        yield Finding(
            "shards",
            "ok",
            f"{count}, Discord recommends {gateway.shards}; {gateway.starts_left} of "
            f"{gateway.starts} session starts are left today",
        )


def _is_token(token: str) -> bool:
    """Whether a token has the form that Discord gives them."""
    found = TOKEN.fullmatch(token)
    if found is None:
        return False
    first = found[1]
    try:
        return base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)).isdigit()
    except (binascii.Error, ValueError):
        return False


def _seeds(folder: Path) -> Iterator[Finding]:
    try:
        count = sum(1 for each in folder.rglob("*") if each.is_file())
    except OSError as error:
        yield Finding("seeds", "fault", f"{folder} cannot be read ({error.strerror})", "")
        return
    if count:
        yield Finding("seeds", "ok", f"{count} {'file' if count == 1 else 'files'} in {folder}")
    else:
        yield Finding(
            "seeds",
            "warning",
            f"there are no files in {folder}",
            "Put saved threads there, or set THREADBOT_SEEDS to the folder that has them.",
        )


def _folder(place: Place) -> Iterator[Finding]:
    data = place.folder
    there = next(each for each in (data, *data.absolute().parents) if each.exists())
    if not there.is_dir():
        yield Finding(
            "data",
            "fault",
            f"{there} is a file, so {'it' if there == data else data} cannot be the data folder",
            "Move the file away, or set THREADBOT_DATA to a folder.",
        )
        return
    if there != data and not os.access(there, os.W_OK):
        yield Finding(
            "data",
            "fault",
            f"{data} does not exist, and cannot be made in {there}",
            f"Make {there} writable for the user who runs the bot, or set THREADBOT_DATA.",
        )
        return
    if not data.exists():
        yield Finding("data", "ok", f"{data} does not exist yet; the first start makes it")
        return
    if not os.access(data, os.W_OK):
        yield Finding(
            "data",
            "fault",
            f"{data} cannot be written",
            "Make it writable for the user who runs the bot, or set THREADBOT_DATA.",
        )
        return
    shown = [each for each in (data, data / FILE) if each.exists() and _is_for_others(each)]
    for each in shown:
        mode = 700 if each == data else 600
        yield Finding(
            "data",
            "warning",
            f"{each} can be read by other users of this machine",
            f"Run: chmod {mode} {each}",
        )
    if not shown:
        yield Finding("data", "ok", f"{data} is writable, and private")


def _is_for_others(path: Path) -> bool:
    return os.name != "nt" and bool(path.stat().st_mode & FOR_OTHERS)


def _store(place: Place, *, full: bool) -> Iterator[Finding]:
    for doubt, advice in place.doubts():
        yield Finding("store", "warning", doubt, advice)
    try:
        place.require_present()
        if not place.exists():
            yield Finding("store", "ok", "there is none yet; the first start makes it")
            return
        facts = place.facts()
        if facts.schema > place.schema:
            yield Finding(
                "store",
                "fault",
                f"a newer version of Threadbot wrote it (schema {facts.schema})",
                "Upgrade Threadbot.",
            )
            return
        found = place.damage(full=full)
        if not found and facts.schema:
            place.require_newest()
    except StoreDamaged as error:
        yield Finding("store", "fault", f"it is damaged: {error.found}", DAMAGED)
        return
    except StoreError as error:
        yield Finding("store", "fault", *_told(error))
        return
    lost = _lost_pictures(place, full=full)
    for each in found[:5]:
        yield Finding("store", "fault", f"it is damaged: {each}", DAMAGED)
    for each in lost[:5]:
        yield Finding(
            "store",
            "warning",
            f"the picture {each} is missing or has changed",
            "Restore a backup, or load the file again that has it.",
        )
    if not found and not lost:
        how = "every part of it is sound" if full else "it is sound (--full reads all of it)"
        kind = "an SQLite file" if place.is_file else "a PostgreSQL database"
        size = machine.size_text(place.size())
        yield Finding("store", "ok", f"{kind}; {how}; {size}, schema {facts.schema}")
    if facts.schema < place.schema:
        yield Finding(
            "store",
            "ok",
            f"the next start brings it from schema {facts.schema} to {place.schema}",
        )
    if any(each < PARSER_VERSION for each in facts.parsers):
        yield Finding("store", "ok", "the next start reads its files again with the newer loader")


def _told(error: StoreError) -> tuple[str, str]:
    """Return what is wrong, and what to do: the first sentence of an error, and the others."""
    what, stop, advice = error.reason.partition(". ")
    return f"{error.path}: {what}", advice if stop else ""


def _lost_pictures(place: Place, *, full: bool) -> list[str]:
    """Return the names of the pictures that are missing; with `full` also of those that changed."""
    folder = place.folder / picture_files.FOLDER
    return (
        [
            name
            for name in place.pictures()
            if not (folder / name).is_file()
            or (full and file_name((folder / name).read_bytes()) != name)
        ]
        if "picture" in place.counts()
        else []
    )


def _index_files(data: Path, *, full: bool) -> Iterator[Finding]:
    files = sorted(data.glob("index-*.bin")) if data.is_dir() else []
    current = [str(FILE_VERSION), str(ANALYZER_VERSION)]
    keys = [_key(each) for each in files]
    damaged = [
        each.name
        for each, key in zip(files, keys, strict=True)
        if not key or (full and not is_whole(each, lambda: None))
    ]
    old = sum(1 for key in keys if key and key.split(" ")[:2] != current)
    if damaged:
        yield Finding(
            "index",
            "warning",
            f"damaged: {', '.join(damaged)}",
            "The next start makes it again from the store. If this happens again, check the disk.",
        )
    elif old:
        yield Finding(
            "index",
            "ok",
            f"{old} of {len(files)} files are of another version; the next start makes them again",
        )
    else:
        yield Finding(
            "index",
            "ok",
            f"{len(files)} {'file' if len(files) == 1 else 'files'}, version {FILE_VERSION}",
        )


def _key(path: Path) -> str:
    """Return the key in the header of a file of arrays; nothing if it has none."""
    try:
        return key_of(path)
    except (OSError, ValueError, KeyError, TypeError):
        return ""
