"""`/ask`: excerpts that answer a question, each with its sources."""

from __future__ import annotations

import re

from discord import app_commands, ui

from bot.app.components import component
from bot.app.respond import Interaction, reply, turn
from bot.views import custom_id
from bot.views.layout import answer_layout

LONGEST_QUESTION = 200


@app_commands.command(name="ask", description="Find what the threads say, in the authors' words")
@app_commands.describe(question="Words to look for")
async def ask(
    interaction: Interaction, question: app_commands.Range[str, 1, LONGEST_QUESTION]
) -> None:
    """Answer privately, and remember the first hit for `/thread`."""
    await reply(interaction, answered(interaction, question))


async def answered(interaction: Interaction, question: str) -> ui.LayoutView:
    """The answer to `question`, remembered as its asker's last."""
    answer = await interaction.client.library.ask(question)
    if answer.hits:
        first = answer.hits[0]
        interaction.client.last_hits.put(
            interaction.user.id, (first.thread.id, first.best.position)
        )
    return answer_layout(answer)


async def _ask_instead(interaction: Interaction, match: re.Match[str], _: list[str]) -> None:
    """Turn the message into the other question's answer."""
    await turn(interaction, answered(interaction, match["question"]))


ASK_BUTTON = component(custom_id.ASK, _ask_instead)
"""“Did you mean …”: asks that instead."""
