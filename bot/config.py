"""The settings. The only module that reads the environment or an `.env` file."""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

from bot.errors import SettingsError

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
LOG_FORMATS = ("auto", "text", "json")
HTTP = "127.0.0.1:8480"
"""Where the bot answers checks by default: on this machine alone."""
MOST_SHARDS = 10_000
"""Shards, with 25 million servers; more is a mistyped number."""
KEYS = (
    "DISCORD_TOKEN",
    "DISCORD_APPLICATION_ID",
    "THREADBOT_SEEDS",
    "THREADBOT_DATA",
    "DATABASE_URL",
    "DATABASE_READ_URL",
    "THREADBOT_LAYERS",
    "THREADBOT_LOG",
    "THREADBOT_LOG_FORMAT",
    "THREADBOT_LOG_QUESTIONS",
    "THREADBOT_SLOW_MS",
    "THREADBOT_HTTP",
    "THREADBOT_SHARDS",
    "THREADBOT_SHARD_IDS",
    "THREADBOT_KEEP_REPLIES",
    "THREADBOT_KEEP_REPOSTS",
    "THREADBOT_OPERATORS",
    "THREADBOT_UPLOAD_MB_PER_SERVER",
    "THREADBOT_UPLOAD_MB",
    "THREADBOT_FREE_MB",
    "THREADBOT_LOAD_SECONDS",
    "THREADBOT_LOAD_MEMORY",
    "THREADBOT_CLUSTER",
    "THREADBOT_CLUSTER_PARTS",
)
"""The names of all settings."""

STORE = "threadbot.sqlite3"
"""The store's file name. A folder that contains it is a library's data folder."""

MEGABYTES = {
    "THREADBOT_UPLOAD_MB_PER_SERVER": 100,
    "THREADBOT_UPLOAD_MB": 500,
    "THREADBOT_FREE_MB": 64,
}
"""The settings that are sizes in megabytes, with their defaults."""

YES_OR_NO = {
    **dict.fromkeys(("yes", "true", "on", "1"), True),
    **dict.fromkeys(("no", "false", "off", "0"), False),
}
_IN_USER = r"(?:[^\s/?#@\[\]:%]|%[0-9A-Fa-f]{2})"
_HOST = r"(?:[\w.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?"
DATABASE = re.compile(
    rf"postgres(?:ql)?://(?:{_IN_USER}+(?::(?:{_IN_USER}|:)*)?@)?(?:{_HOST}(?:,{_HOST})*)?"
    r"/[^\s/?#@:]+(?:\?\S*)?"
)
"""Addresses of databases. Other signs in a password would be taken for the end of it."""
NO_DATABASE = (
    "{key} is no address such as postgresql://user:password@host/threadbot. In the password, write "
    "%2F for /, %3F for ?, %23 for #, %40 for @, %5B for [, %5D for ] and %25 for %."
)
"""Does not say the address: it may have a password."""
LIMITS = {"THREADBOT_LOAD_SECONDS": 3_600, "THREADBOT_LOAD_MEMORY": 2_000}
"""The limits of a load, with their defaults."""

CLUSTER = re.compile(r"local|auto|(?:ray://)?(?:[\w.-]+|\[[0-9A-Fa-f:]+\]):\d{1,5}")
"""What `THREADBOT_CLUSTER` may be."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The operator's settings."""

    token: str | None = field(repr=False)
    """`DISCORD_TOKEN`: the bot's token; None in the terminal."""
    seeds: Path
    """`THREADBOT_SEEDS`: the folder of saved threads that an empty library and `/reload` read."""
    data: Path
    """`THREADBOT_DATA`: the folder of the store; see `default_data`."""
    log_level: str
    """`THREADBOT_LOG`: the log's level, one of LOG_LEVELS."""

    database_url: str | None = field(default=None, repr=False)
    """`DATABASE_URL`: the PostgreSQL database of the store; None: a file in the data folder."""
    database_read_url: str | None = field(default=None, repr=False)
    """`DATABASE_READ_URL`: a read replica of that database."""
    layers: str | None = None
    """`THREADBOT_LAYERS`: the folder, on a shared disk or in object storage, where machines that
    use the database leave layers for each other; None: each builds its own."""

    log_format: str = "auto"
    """`THREADBOT_LOG_FORMAT`: text, json (a line each), or auto: JSON unless on a terminal."""
    log_questions: bool = False
    """`THREADBOT_LOG_QUESTIONS`: whether the log has the words of slow questions."""
    slow_ms: int = 1000
    """`THREADBOT_SLOW_MS`: milliseconds from which an answer is logged as slow."""
    http: tuple[str, int] | None = ("127.0.0.1", 8480)
    """`THREADBOT_HTTP`: host and port of `/healthz` and `/metrics`; None: they are off."""

    shards: int | None = None
    """`THREADBOT_SHARDS`: how many shards all processes have together; None: as many as Discord
    recommends."""
    shard_ids: range | None = None
    """`THREADBOT_SHARD_IDS`: the shards of this process; None: all."""

    keep_replies: bool = False
    """`THREADBOT_KEEP_REPLIES`: whether to keep replies to other people as threads."""
    keep_reposts: bool = False
    """`THREADBOT_KEEP_REPOSTS`: whether to keep reposts as threads by the original author."""

    load_seconds: int = LIMITS["THREADBOT_LOAD_SECONDS"]
    """`THREADBOT_LOAD_SECONDS`: how long a load may take before it is stopped."""
    load_memory: int = LIMITS["THREADBOT_LOAD_MEMORY"]
    """`THREADBOT_LOAD_MEMORY`: megabytes that a load may need before it is stopped."""

    cluster: str | None = None
    """`THREADBOT_CLUSTER`: the Ray cluster whose hosts hold the library's layers; None: this
    process holds all."""
    cluster_parts: int | None = None
    """`THREADBOT_CLUSTER_PARTS`: among how many of Ray's actors; None: one for each host."""

    application: int | None = None
    """`DISCORD_APPLICATION_ID`: which application `threadbot invite` prints the link of."""

    operators: frozenset[int] = frozenset()
    """`THREADBOT_OPERATORS`: ids of the users who may change the shared library from Discord."""
    upload_mb_per_server: int = MEGABYTES["THREADBOT_UPLOAD_MB_PER_SERVER"]
    """`THREADBOT_UPLOAD_MB_PER_SERVER`: megabytes of files of one server that may wait."""
    upload_mb: int = MEGABYTES["THREADBOT_UPLOAD_MB"]
    """`THREADBOT_UPLOAD_MB`: megabytes of files of all servers that may wait."""
    free_mb: int = MEGABYTES["THREADBOT_FREE_MB"]
    """`THREADBOT_FREE_MB`: megabytes of the disk that uploads leave free."""

    guild: int | None = field(default=None, metadata={"of": "the command line"})
    """The id of the Discord server whose library is used; None for the operator's shared library.
    An option of the terminal's commands; the environment cannot set it."""

    @classmethod
    def from_env(cls, environment: Mapping[str, str], here: Path = Path()) -> Settings:
        """Read the settings from `environment`.

        Args:
            environment: settings by name; an empty value counts as not set.
            here: the folder to look for a library in, if `environment` names none.

        Raises:
            SettingsError: values are invalid. It lists all of them, without the token.
        """
        problems: list[str] = []
        token = environment.get("DISCORD_TOKEN", "").strip() or None
        if token is not None and (any(map(str.isspace, token)) or not token.isascii()):
            problems.append(
                "DISCORD_TOKEN contains spaces or other characters that tokens never have. "
                "Copy the token again from your application's Bot page."
            )
        application = environment.get("DISCORD_APPLICATION_ID", "").strip()
        if application and not (application.isascii() and application.isdecimal()):
            problems.append(
                f"DISCORD_APPLICATION_ID is {application!r}. Use the number from the General "
                "Information page of your application."
            )
        typed = environment.get("THREADBOT_LOG", "").strip()
        log_level = typed.upper() or "INFO"
        if log_level not in LOG_LEVELS:
            problems.append(f"THREADBOT_LOG is {typed!r}. Use one of {', '.join(LOG_LEVELS)}.")
        typed = environment.get("THREADBOT_LOG_FORMAT", "").strip()
        log_format = typed.lower() or "auto"
        if log_format not in LOG_FORMATS:
            problems.append(
                f"THREADBOT_LOG_FORMAT is {typed!r}. Use one of {', '.join(LOG_FORMATS)}."
            )
        slow_ms = environment.get("THREADBOT_SLOW_MS", "").strip() or "1000"
        if not (slow_ms.isascii() and slow_ms.isdecimal()):
            problems.append(
                f"THREADBOT_SLOW_MS is {slow_ms!r}. Use a whole number of milliseconds, 0 or more."
            )
            slow_ms = "1000"
        http = environment.get("THREADBOT_HTTP", "").strip() or HTTP
        address = None if http.lower() in YES_OR_NO else _address(http)
        if address is None and YES_OR_NO.get(http.lower(), True):
            problems.append(f"THREADBOT_HTTP is {http!r}. Use host:port, such as {HTTP}, or off.")
        shards, shard_ids = _shards(environment, problems)
        kept = {}
        for key in ("THREADBOT_KEEP_REPLIES", "THREADBOT_KEEP_REPOSTS", "THREADBOT_LOG_QUESTIONS"):
            value = environment.get(key, "").strip() or "no"
            kept[key] = YES_OR_NO.get(value.lower(), False)
            if value.lower() not in YES_OR_NO:
                problems.append(f"{key} is {value!r}. Use yes or no.")
        operators = environment.get("THREADBOT_OPERATORS", "").replace(",", " ").split()
        if not all(each.isascii() and each.isdecimal() for each in operators):
            problems.append(
                f"THREADBOT_OPERATORS is {' '.join(operators)!r}. Use the ids of Discord users, "
                "separated by spaces or commas."
            )
            operators = []
        megabytes = {}
        for key, default in MEGABYTES.items():
            value = environment.get(key, "").strip() or str(default)
            if not (value.isascii() and value.isdecimal()):
                problems.append(f"{key} is {value!r}. Use a whole number of megabytes, 0 or more.")
                value = str(default)
            megabytes[key] = int(value)
        limits = {}
        for key, default in LIMITS.items():
            value = environment.get(key, "").strip() or str(default)
            limits[key] = int(value) if value.isascii() and value.isdecimal() else 0
            if not limits[key]:
                problems.append(f"{key} is {value!r}. Use a whole number above 0.")
        databases = {}
        for key in ("DATABASE_URL", "DATABASE_READ_URL"):
            databases[key] = environment.get(key, "").strip() or None
            if not is_database(databases[key]):
                problems.append(NO_DATABASE.format(key=key))
        if databases["DATABASE_READ_URL"] and not databases["DATABASE_URL"]:
            problems.append("DATABASE_READ_URL needs DATABASE_URL, the primary's address.")
        layers = environment.get("THREADBOT_LAYERS", "").strip() or None
        if layers and not databases["DATABASE_URL"]:
            problems.append(
                "THREADBOT_LAYERS needs DATABASE_URL: without a database, one machine has it all."
            )
        cluster = environment.get("THREADBOT_CLUSTER", "").strip()
        if cluster and not CLUSTER.fullmatch(cluster):
            problems.append(
                f"THREADBOT_CLUSTER is {cluster!r}. Use local, auto, or the address of a Ray "
                "cluster, such as ray://10.0.0.1:10001 or 10.0.0.1:6379."
            )
        cluster_parts = environment.get("THREADBOT_CLUSTER_PARTS", "").strip()
        if cluster_parts and not (
            cluster_parts.isascii() and cluster_parts.isdecimal() and int(cluster_parts)
        ):
            problems.append(
                f"THREADBOT_CLUSTER_PARTS is {cluster_parts!r}. Use a whole number above 0."
            )
        if problems:
            raise SettingsError(*problems)
        return cls(
            token=token,
            application=int(application) if application and not problems else None,
            seeds=Path(environment.get("THREADBOT_SEEDS", "").strip() or "seeds"),
            data=Path(environment.get("THREADBOT_DATA", "").strip() or default_data(here)),
            log_level=log_level,
            database_url=databases["DATABASE_URL"],
            database_read_url=databases["DATABASE_READ_URL"],
            layers=layers,
            log_format=log_format,
            log_questions=kept["THREADBOT_LOG_QUESTIONS"],
            slow_ms=int(slow_ms),
            http=address,
            shards=shards,
            shard_ids=shard_ids,
            keep_replies=kept["THREADBOT_KEEP_REPLIES"],
            keep_reposts=kept["THREADBOT_KEEP_REPOSTS"],
            operators=frozenset(map(int, operators)),
            upload_mb_per_server=megabytes["THREADBOT_UPLOAD_MB_PER_SERVER"],
            upload_mb=megabytes["THREADBOT_UPLOAD_MB"],
            free_mb=megabytes["THREADBOT_FREE_MB"],
            load_seconds=limits["THREADBOT_LOAD_SECONDS"],
            load_memory=limits["THREADBOT_LOAD_MEMORY"],
            cluster=cluster or None,
            cluster_parts=int(cluster_parts) if cluster_parts else None,
        )


def is_database(url: str | None) -> bool:
    """Whether `url` is the address of a PostgreSQL database, or not set."""
    return url is None or DATABASE.fullmatch(url) is not None


def _address(text: str) -> tuple[str, int] | None:
    """Return the host and port in `host:port`; None if it is not that."""
    host, colon, port = text.rpartition(":")
    if not colon or not host or not (port.isascii() and port.isdecimal()) or int(port) > 65535:
        return None
    return host.removeprefix("[").removesuffix("]"), int(port)


def _shards(environment: Mapping[str, str], problems: list[str]) -> tuple[int | None, range | None]:
    """Return how many shards there are, and those of this process; add what is wrong."""
    typed = environment.get("THREADBOT_SHARDS", "").strip() or "auto"
    is_auto = typed.lower() == "auto"
    is_number = typed.isascii() and typed.isdecimal() and len(typed) <= len(str(MOST_SHARDS))
    count = int(typed) if is_number else 0
    if not is_auto and not 0 < count <= MOST_SHARDS:
        problems.append(
            f"THREADBOT_SHARDS is {typed!r}. Use auto, or a whole number from 1 to {MOST_SHARDS}."
        )
        return None, None
    typed = environment.get("THREADBOT_SHARD_IDS", "").strip()
    if not typed:
        return count or None, None
    found = re.fullmatch(r"([0-9]+)(?:\s*-\s*([0-9]+))?", typed)
    ids = range(int(found[1]), int(found[2] or found[1]) + 1) if found else range(0)
    if not ids:
        problems.append(
            f"THREADBOT_SHARD_IDS is {typed!r}. Use the first and the last shard of this process, "
            "such as 0-3, or one number."
        )
    elif is_auto:
        problems.append(
            f"THREADBOT_SHARD_IDS is {typed!r}, but THREADBOT_SHARDS is auto. Set THREADBOT_SHARDS "
            "to how many shards all processes have together, the same in each of them."
        )
    elif ids[-1] >= count:
        problems.append(
            f"THREADBOT_SHARD_IDS is {typed!r}, but with THREADBOT_SHARDS={count} the ids are "
            f"{'only 0' if count == 1 else f'0 to {count - 1}'}."
        )
    return count or None, ids or None


def default_data(here: Path) -> Path:
    """Return the folder of the store if `THREADBOT_DATA` is not set.

    This is `data` in the folder `here` if it contains a store, or if `here` has a folder `seeds`
    like a checkout. Otherwise it is the platform's data folder, so every folder uses the same
    library: https://platformdirs.readthedocs.io
    """
    local = here / "data"
    if (local / STORE).is_file() or (here / "seeds").is_dir():
        return local
    # Imported here because checkouts and containers do not need it.
    from platformdirs import user_data_path

    return user_data_path("threadbot", appauthor=False)


def environment(env_file: Path = Path(".env")) -> dict[str, str]:
    """Return the process's environment, and settings from `env_file` that it does not contain.

    Raises:
        SettingsError: `env_file` exists, but cannot be read as UTF-8 text, or lines of it are no
            settings; it names all of them.
    """
    if not env_file.is_file():
        return dict(os.environ)
    # Imported here because few installations have such a file.
    from dotenv import dotenv_values
    from dotenv.parser import parse_stream

    try:
        text = env_file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise SettingsError(f"{env_file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise SettingsError(
            f"{env_file}, line {line}: this is not UTF-8 text. Save the file as UTF-8."
        ) from error
    wrong = [each.original.line for each in parse_stream(StringIO(text)) if each.error]
    if wrong:
        raise SettingsError(
            *(
                f"{env_file}, line {line}: this is no setting. Write NAME=value, with both quotes "
                "around a value in quotes, or a # before a comment."
                for line in wrong
            )
        )
    from_file = dotenv_values(stream=StringIO(text))
    merged = {key: value for key, value in from_file.items() if value is not None}
    return {**merged, **os.environ}


def is_exposed(env_file: Path) -> bool:
    """Whether `env_file` holds the token and others than its owner may read it."""
    if sys.platform == "win32":
        return False
    try:
        readable = env_file.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH)
        return bool(readable) and b"DISCORD_TOKEN" in env_file.read_bytes()
    except OSError:
        return False
