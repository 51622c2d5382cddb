"""What people call the formats of files. `--json` has the loader's own names. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from bot.i18n.messages import Listed, Sentence, sentence

BETWEEN = "+"
"""Between the names of a file with several formats."""
NAMES: Mapping[str, Sentence | str] = {
    "thread-reader-text": sentence("text from Thread Reader"),
    "thread-reader-html": sentence("page of Thread Reader"),
    "unroller-text": sentence("text from a thread unroller"),
    "hand-written thread": sentence("written by hand"),
    "markdown": "Markdown",
    "markdown-clip": sentence("Markdown clip"),
    "web-page": sentence("web page"),
    "x-page": sentence("page of {site}", site="X"),
    "twitter-page": sentence("page of {site}", site="Twitter"),
    "nitter-page": sentence("page of {site}", site="nitter"),
    "mastodon-page": sentence("page of {site}", site="Mastodon"),
    "bluesky-page": sentence("page of {site}", site="Bluesky"),
    "embedded-tweets": sentence("page with embedded tweets"),
    "saved-tweets": sentence("page of saved tweets"),
    "x-archive": sentence("archive of {site}", site="X"),
    "x-json": sentence("JSON with tweets"),
    "scraper-json": sentence("JSON of a scraper"),
    "scheduled-posts": sentence("scheduled posts"),
    "community-archive": "Community Archive",
    "gallery-dl": "gallery-dl",
    "mastodon": "Mastodon",
    "bluesky": "Bluesky",
    "table": sentence("table"),
    "feed": sentence("feed"),
    "threadbot-text": sentence("saved by Threadbot"),
    "threadbot-json": sentence("saved by Threadbot"),
}
"""What each of the loader's formats is called."""


def format_names(format_: str) -> Listed:
    """What people call a format, or several: `text from Thread Reader`."""
    names = dict.fromkeys(str(NAMES.get(each, each)) for each in format_.split(BETWEEN))
    by_english = {str(each): each for each in NAMES.values()}
    return Listed([by_english.get(each, each) for each in names], "and")
