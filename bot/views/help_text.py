"""The texts of `/help` and `/about`. Pure."""

from __future__ import annotations

from bot.i18n.messages import Language, sentence
from bot.reports import LibraryFacts
from bot.views.wording import tweets_in_threads


def help_lines(say: Language) -> list[str]:
    """How to ask on Discord, in Markdown."""
    return [
        say(
            "**Ask** with `{ask}`. The answer quotes the matching tweets and links "
            "to their sources.",
            ask=sentence("/ask"),
        ),
        say(
            "- {words} finds tweets with any of these words, best match first",
            words="`chip export controls`",
        ),
        say(
            "- {phrase} matches an exact phrase; {without} excludes a word; {link} "
            "and {site} filter by link",
            phrase='`"hard drives"`',
            without="`-tariffs`",
            link="`has:link`",
            site="`site:wsj.com`",
        ),
        say(
            "- Options narrow the search: `{author}`, `{since}`, `{until}`, "
            "`{thread}`, `{mentions}`, `{site}`, `{has_link}`. `{public}` shows the "
            "answer to everyone.",
            author=sentence("author"),
            since=sentence("since"),
            until=sentence("until"),
            thread=sentence("thread"),
            mentions=sentence("mentions"),
            site=sentence("site"),
            has_link=sentence("has_link"),
            public=sentence("public"),
        ),
        say(
            "**Read** a whole thread with `{thread}`. Without options, it opens the "
            "top thread of your last answer.",
            thread=sentence("/thread"),
        ),
        say(
            "**Search for a message's words**: open its menu, then Apps → *{find}*.",
            find=sentence("Find threads about this"),
        ),
        say(
            "`{about}` shows what is loaded, and what the bot stores about you.",
            about=sentence("/about"),
        ),
    ]


def library_lines(about: LibraryFacts, say: Language) -> list[str]:
    """What is loaded, and what the bot stores about people."""
    size = tweets_in_threads(about.tweets, about.threads, say)
    return [
        say(
            "Threadbot {version} · generation {generation} · {size}",
            version=about.version,
            generation=str(about.generation),
            size=size,
        ),
        say("The bot only quotes what authors wrote, and links to the source."),
        say("Your questions are never stored."),
        say(
            "Until the bot restarts, it remembers your last result so that {thread} can reopen it.",
            thread=sentence("/thread"),
        ),
        say("When someone loads, removes or hides something, the bot stores who did it and when."),
    ]
