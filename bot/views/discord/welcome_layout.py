"""The message with which the bot introduces itself in a server that it was added to."""

from __future__ import annotations

from collections.abc import Sequence

from discord import ui

from bot.i18n.messages import Language, Sentence
from bot.views import markdown
from bot.views.discord.layout import examples_asked
from bot.views.discord.parts import add_questions, lines


def welcome_layout(
    server: str,
    examples: Sequence[str],
    missing: Sequence[tuple[Sentence, Sentence]],
    mentions: dict[str, str],
    say: Language,
) -> ui.LayoutView:
    """What the bot does, questions to press, how to load, and which permissions it lacks.

    Args:
        server: the server's name.
        examples: questions that have an answer in the library.
        missing: the name and purpose of each permission that the bot lacks.
        mentions: Markdown that names the commands ask, reload, role and help.
        say: the server's language.
    """
    shown = [
        say("**Threadbot is now in {server}.**", server=markdown.escape(server)),
        say(
            "It searches saved X threads with {ask}. Answers are what the authors wrote, with "
            "links to the sources.",
            ask=mentions["ask"],
        ),
        say(
            "To load threads, use {reload} with files. This needs the permission “Manage Server”, "
            "or a role that you choose with {role}. More: {help}.",
            reload=mentions["reload"],
            role=mentions["role"],
            help=mentions["help"],
        ),
    ]
    if missing:
        shown.append(say("The bot lacks these permissions:"))
        shown += [f"- **{say.say(name)}** {say.say(purpose)}" for name, purpose in missing]
    shown.append(say("Try one of these questions:") if examples else say("No threads are loaded."))
    layout = lines(*shown)
    add_questions(layout, examples_asked(examples, say))
    return layout
