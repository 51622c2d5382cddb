"""`/help` and `/about`: how to ask, and what is behind it."""

from __future__ import annotations

from discord import app_commands, ui

from bot.app.contexts import EVERYWHERE, INSTALLS
from bot.app.localise import readers
from bot.app.respond import Interaction, reply
from bot.app.scope import library_of
from bot.views import help_text
from bot.views.layout import help_layout, note_layout

EXAMPLES = 3


@app_commands.command(
    name="help", description="Show how to ask, with examples from the loaded threads"
)
@EVERYWHERE
@INSTALLS
async def help_(interaction: Interaction) -> None:
    """Say privately how to ask."""
    await reply(interaction, _help(interaction))


@app_commands.command(
    name="about", description="Show what is loaded, and what the bot stores about you"
)
@EVERYWHERE
@INSTALLS
async def about(interaction: Interaction) -> None:
    """Say privately what this bot is, and what it keeps."""
    await reply(interaction, _about(interaction))


async def _help(interaction: Interaction) -> ui.LayoutView:
    examples = await (await library_of(interaction)).examples(EXAMPLES)
    return help_layout(examples, readers(interaction))


async def _about(interaction: Interaction) -> ui.LayoutView:
    facts = (await library_of(interaction)).about()
    return note_layout("\n".join(help_text.library_lines(facts, readers(interaction))))
