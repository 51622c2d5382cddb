"""The settings. The only module that reads the environment or an `.env` file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.errors import SettingsError

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")

STORE = "threadbot.sqlite3"
"""The store's file name. A folder that contains it is a library's data folder."""

YES_OR_NO = {
    **dict.fromkeys(("yes", "true", "on", "1"), True),
    **dict.fromkeys(("no", "false", "off", "0"), False),
}
LIMITS = {"THREADBOT_LOAD_SECONDS": 3_600, "THREADBOT_LOAD_MEMORY": 2_000}
"""The limits of a load, with their defaults."""


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

    keep_replies: bool = False
    """`THREADBOT_KEEP_REPLIES`: whether to keep replies to other people as threads."""
    keep_reposts: bool = False
    """`THREADBOT_KEEP_REPOSTS`: whether to keep reposts as threads by the original author."""

    load_seconds: int = 3_600
    """`THREADBOT_LOAD_SECONDS`: how long a load may take before it is stopped."""
    load_memory: int = 2_000
    """`THREADBOT_LOAD_MEMORY`: megabytes that a load may need before it is stopped."""

    application: int | None = None
    """`DISCORD_APPLICATION_ID`: which application `threadbot invite` prints the link of."""

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
        log_level = environment.get("THREADBOT_LOG", "").strip().upper() or "INFO"
        if log_level not in LOG_LEVELS:
            problems.append(f"THREADBOT_LOG is {log_level!r}. Use one of {', '.join(LOG_LEVELS)}.")
        kept = {}
        for key in ("THREADBOT_KEEP_REPLIES", "THREADBOT_KEEP_REPOSTS"):
            value = environment.get(key, "").strip().lower() or "no"
            kept[key] = YES_OR_NO.get(value, False)
            if value not in YES_OR_NO:
                problems.append(f"{key} is {value!r}. Use yes or no.")
        limits = {}
        for key, default in LIMITS.items():
            value = environment.get(key, "").strip() or str(default)
            limits[key] = int(value) if value.isascii() and value.isdecimal() else 0
            if not limits[key]:
                problems.append(f"{key} is {value!r}. Use a whole number above 0.")
        if problems:
            raise SettingsError(*problems)
        return cls(
            token=token,
            application=int(application) if application and not problems else None,
            seeds=Path(environment.get("THREADBOT_SEEDS", "").strip() or "seeds"),
            data=Path(environment.get("THREADBOT_DATA", "").strip() or default_data(here)),
            log_level=log_level,
            keep_replies=kept["THREADBOT_KEEP_REPLIES"],
            keep_reposts=kept["THREADBOT_KEEP_REPOSTS"],
            load_seconds=limits["THREADBOT_LOAD_SECONDS"],
            load_memory=limits["THREADBOT_LOAD_MEMORY"],
        )


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
        SettingsError: `env_file` exists but is not readable as UTF-8 text.
    """
    if not env_file.is_file():
        return dict(os.environ)
    # Imported here because few installations have such a file.
    from dotenv import dotenv_values

    try:
        from_file = dotenv_values(env_file)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{env_file} is not readable as UTF-8 text: {error}.") from error
    merged = {key: value for key, value in from_file.items() if value is not None}
    return {**merged, **os.environ}
