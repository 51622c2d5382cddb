"""The texts of `/help` and `/about`. Pure."""

from __future__ import annotations

from collections.abc import Callable

from bot.i18n.messages import Language, Sentence, sentence
from bot.reports import LibraryFacts
from bot.views.wording import tweets_in_threads


def help_lines(say: Language, command: Callable[[Sentence], str] | None = None) -> list[str]:
    """How to ask on Discord, in Markdown.

    `command` names a command as a link to tap; without it, commands are shown as code.
    """
    named = command or (lambda each: f"`{say.say(each)}`")
    return [
        say(
            "**Ask** with {ask}. The answer quotes the tweets that match best, with links to "
            "their sources.",
            ask=named(sentence("/ask")),
        ),
        say(
            "- Type words or a question, such as {words}.",
            words="`who carried the hard drives?`",
        ),
        say(
            "- {phrase} matches an exact phrase; {without} excludes a word; {link} "
            "and {site} filter by link.",
            phrase='`"hard drives"`',
            without="`-tariffs`",
            link="`has:link`",
            site="`site:wsj.com`",
        ),
        say(
            "- Options narrow the search: `{author}`, `{since}`, `{until}`, "
            "`{thread}`, `{mentions}`, `{site}`, `{has_link}`. `{newest}` shows the newest "
            "tweets first, and `{public}` shows the answer to everyone.",
            author=sentence("author"),
            since=sentence("since"),
            until=sentence("until"),
            thread=sentence("thread"),
            mentions=sentence("mentions"),
            site=sentence("site"),
            has_link=sentence("has_link"),
            newest=sentence("newest"),
            public=sentence("public"),
        ),
        say(
            "**Read** a whole thread with {thread}. Without options, it opens the "
            "top thread of your last answer.",
            thread=named(sentence("/thread")),
        ),
        say(
            "**Search for a message's words**: open its menu, then Apps → *{find}*.",
            find=sentence("Find threads about this"),
        ),
        say(
            "**Load** files with {reload}. This needs the permission “Manage Server”, or the role "
            "that was chosen with {role}.",
            reload=named(sentence("/reload")),
            role=named(sentence("/library role")),
        ),
        say(
            "{about} shows what is loaded, and what the bot stores about you.",
            about=named(sentence("/about")),
        ),
        say("**Try one of these:**"),
    ]


def library_lines(
    about: LibraryFacts, say: Language, command: Callable[[Sentence], str] | None = None
) -> list[str]:
    """What is loaded, and what the bot stores about people.

    `command` names a command as a link to tap.
    """
    thread = sentence("/thread")
    size = tweets_in_threads(about.tweets, about.threads, say)
    return [
        say("Threadbot {version} · {size}", version=about.version, size=size),
        say("The bot only quotes what authors wrote, and links to the source."),
        say("Your questions are never stored."),
        say(
            "Until the bot restarts, it remembers your last result so that {thread} can reopen it.",
            thread=command(thread) if command else thread,
        ),
        say("When someone loads, removes or hides something, the bot stores who did it and when."),
        *([_next(command, say)] if command else []),
    ]


def _next(command: Callable[[Sentence], str], say: Language) -> str:
    """What to do now."""
    return say(
        "Search with {ask}, read with {thread}, or see with {help} what else there is.",
        ask=command(sentence("/ask")),
        thread=command(sentence("/thread")),
        help=command(sentence("/help")),
    )
