"""`/help` and `/about`: how to use the bot, and what it stores."""

from __future__ import annotations

from discord import app_commands, ui

from bot.app.client import Feature, Interaction
from bot.app.contexts import EVERYWHERE, INSTALLS
from bot.app.locale import reader_language
from bot.app.permissions import library_for
from bot.app.reply import reply
from bot.views import help_text
from bot.views.discord.layout import help_layout
from bot.views.discord.parts import lines

EXAMPLES = 3
"""Example questions to show."""


@app_commands.command(
    name="help", description="Show how to ask, with examples from the loaded threads"
)
@EVERYWHERE
@INSTALLS
async def help_(interaction: Interaction) -> None:
    """Show how to ask, with examples from the library; ephemeral."""
    await reply(interaction, _help(interaction))


@app_commands.command(
    name="about", description="Show what is loaded, and what the bot stores about you"
)
@EVERYWHERE
@INSTALLS
async def about(interaction: Interaction) -> None:
    """Show what the library holds, and what is stored about users; ephemeral."""
    await reply(interaction, _about(interaction))


async def _help(interaction: Interaction) -> ui.LayoutView:
    examples = await (await library_for(interaction)).examples(EXAMPLES)
    say = reader_language(interaction)
    return help_layout(examples, say, interaction.client.command_ids.names(say))


async def _about(interaction: Interaction) -> ui.LayoutView:
    facts = (await library_for(interaction)).about()
    say = reader_language(interaction)
    names = interaction.client.command_ids.names(say)
    first, *rest = help_text.library_lines(facts, say, names)
    return lines(f"**{first}**", *rest)


FEATURE = Feature(commands=(help_, about))
