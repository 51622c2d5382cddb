"""How to ask, and what is kept of people, in words. Pure."""

from __future__ import annotations

from bot.language import Language, sentence
from bot.reports import LibraryFacts
from bot.views.text import tweets_in_threads


def help_lines(say: Language) -> list[str]:
    """How to ask on Discord, in Markdown."""
    return [
        say(
            "**Ask** with `{ask}`: you get what the authors wrote, where, "
            "and a link that proves it.",
            ask=sentence("/ask"),
        ),
        say(
            "- {words} finds tweets with any of the words, those that say it best first",
            words="`chip export controls`",
        ),
        say(
            "- {phrase} is a phrase; {without} leaves a word out; further {link}, {site}",
            phrase='`"hard drives"`',
            without="`-tariffs`",
            link="`has:link`",
            site="`site:wsj.com`",
        ),
        say(
            "- options narrow it: `{author}`, `{since}`, `{until}`, `{thread}`, `{mentions}`, "
            "`{site}`, `{has_link}`; `{public}` shows everyone the answer",
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
            "**Read** a whole thread with `{thread}`; alone, it opens that of your last answer.",
            thread=sentence("/thread"),
        ),
        say(
            "**On any message**: Apps → *{find}*.",
            find=sentence("Find threads about this"),
        ),
        say("`{about}` tells what is loaded, and what is stored of you.", about=sentence("/about")),
    ]


def library_lines(about: LibraryFacts, say: Language) -> list[str]:
    """What is served, and what is kept of people."""
    size = tweets_in_threads(about.tweets, about.threads, say)
    return [
        say(
            "Threadbot {version} · generation {generation} · {size}",
            version=about.version,
            generation=str(about.generation),
            size=size,
        ),
        say("All that it shows was written by the authors named, and the links lead there."),
        say("Of those who ask nothing is stored: no question, no name, no message."),
        say("Until it is started again it remembers the thread that your last answer began with."),
        say("Of those who load dumps it keeps who loaded what, and when."),
    ]
