"""The routes by which a bot answers interactions.

https://discord.com/developers/docs/interactions/receiving-and-responding
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .components import check_modal
from .errors import (
    Form,
    Refusal,
    already_acknowledged,
    expired_token,
    unknown_interaction,
    unknown_message,
    unknown_webhook,
)
from .interactions import (
    ANSWER_SECONDS,
    AUTOCOMPLETE,
    CHOICES,
    COMMAND,
    COMPONENT,
    DEFERRED_REPLY,
    DEFERRED_UPDATE,
    MODAL,
    MODAL_SUBMIT,
    REPLY,
    TOKEN_SECONDS,
    UPDATE,
    Interaction,
)
from .limits import check_choices, check_deferral
from .messages import EPHEMERAL, LOADING, Message

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from aiohttp import web

    from .api import Api, Call
    from .chat import Chat
    from .messages import Upload

_ALLOWED = {
    COMMAND: (REPLY, DEFERRED_REPLY, MODAL),
    COMPONENT: (REPLY, DEFERRED_REPLY, DEFERRED_UPDATE, UPDATE, MODAL),
    AUTOCOMPLETE: (CHOICES,),
    MODAL_SUBMIT: (REPLY, DEFERRED_REPLY, DEFERRED_UPDATE, UPDATE),
}


class Webhooks:
    """Takes first answers, edits of them, and follow-ups."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat
        self._by_id: dict[int, Interaction] = {}
        self._by_token: dict[str, Interaction] = {}

    def register(self, api: Api, app: web.Application) -> None:
        """Serve these routes."""
        hook = "/webhooks/{application}/{token}"
        original, other = hook + "/messages/@original", hook + "/messages/{message}"
        routes: tuple[tuple[str, str, Callable[[Interaction, Call], Awaitable[Any]]], ...] = (
            ("GET", original, self._get_original),
            ("PATCH", original, self._edit_original),
            ("DELETE", original, self._delete_original),
            ("POST", hook, self._follow_up),
            ("GET", other, self._get_other),
            ("PATCH", other, self._edit_other),
            ("DELETE", other, self._delete_other),
        )
        callback = "/interactions/{interaction}/{token}/callback"
        api.route(app, "POST", callback, self._callback, open_to_all=True)
        for method, template, handler in routes:
            api.route(app, method, template, self._with_token(handler), open_to_all=True)

    def add(self, interaction: Interaction) -> None:
        """Let an interaction be answered."""
        self._by_id[interaction.id] = interaction
        self._by_token[interaction.token] = interaction

    def _with_token(
        self, handler: Callable[[Interaction, Call], Awaitable[Any]]
    ) -> Callable[[Call], Awaitable[Any]]:
        async def handle(call: Call) -> Any:
            interaction = self._by_token.get(call.path["token"])
            if interaction is None or call.id("application") != self._chat.world.application_id:
                raise unknown_webhook()
            try:
                if interaction.response is None:
                    raise unknown_webhook()
                if self._chat.clock.now() - interaction.created > TOKEN_SECONDS:
                    raise expired_token()
                return await handler(interaction, call)
            except Refusal as refusal:
                interaction.refused.append(str(refusal))
                raise
            finally:
                interaction.changed()

        return handle

    async def _callback(self, call: Call) -> dict[str, Any] | None:
        interaction = self._by_id.get(call.id("interaction"))
        if interaction is None or interaction.token != call.path["token"]:
            raise unknown_interaction()
        try:
            message = await self._acknowledge(interaction, call)
        except Refusal as refusal:
            interaction.refused.append(str(refusal))
            raise
        finally:
            interaction.changed()
        if call.query.get("with_response") not in ("1", "true", "True"):
            return None
        return self._response(interaction, message)

    async def _acknowledge(self, interaction: Interaction, call: Call) -> Message | None:
        if interaction.response is not None:
            raise already_acknowledged()
        now = self._chat.clock.now()
        if now - interaction.created > ANSWER_SECONDS:
            interaction.too_late = True
            raise unknown_interaction()
        kind, allowed = call.data.get("type"), _ALLOWED[interaction.kind]
        if interaction.kind == MODAL_SUBMIT and interaction.source is None:
            allowed = (REPLY, DEFERRED_REPLY)
        form = Form()
        if not form.at("type").choice(kind, allowed):
            form.check()
        message = await self._apply(interaction, int(call.data["type"]), call)
        interaction.response, interaction.acknowledged = kind, now
        return message

    async def _apply(self, interaction: Interaction, kind: int, call: Call) -> Message | None:
        form, data = Form("data"), call.data.get("data")
        if kind == MODAL:
            check_modal(form, data)
            form.check()
            interaction.modal = data
            return None
        if kind == CHOICES:
            interaction.choices = check_choices(form, data, interaction.option_type)
            return None
        if kind == DEFERRED_REPLY:
            check_deferral(form, data)
            flags = (data or {}).get("flags") or 0
            more, shown_to = self._origin(interaction), self._shown_to(interaction, flags)
            waiting = self._chat.loading(interaction.channel, flags, more, shown_to)
            interaction.original, interaction.deferred = waiting.id, True
            return waiting
        if kind in (UPDATE, DEFERRED_UPDATE):
            source = self._chat.message(interaction.source or 0)
            interaction.original = source.id
            if kind == DEFERRED_UPDATE:
                return source
            message = await self._chat.edit(
                source, data or {}, call.files, interaction.channel, form=form
            )
        else:
            message = await self._say(interaction, data or {}, call.files, form)
            interaction.original = message.id
        interaction.history.append(message)
        return message

    def _origin(self, interaction: Interaction) -> dict[str, Any]:
        application = str(self._chat.world.application_id)
        more: dict[str, Any] = {
            "application_id": application,
            "webhook_id": application,
            "interaction_metadata": {
                "id": str(interaction.id),
                "type": interaction.kind,
                "user": interaction.account.payload,
                "authorizing_integration_owners": interaction.payload[
                    "authorizing_integration_owners"
                ],
            },
        }
        if interaction.kind == COMMAND:
            name = interaction.payload["data"]["name"]
            user = interaction.account.payload
            shown = {"id": str(interaction.id), "type": COMMAND, "name": name, "user": user}
            more |= {"type": 20, "interaction": shown}
        return more

    @staticmethod
    def _shown_to(interaction: Interaction, flags: int) -> int | None:
        return interaction.account.id if flags & EPHEMERAL else None

    async def _say(
        self, interaction: Interaction, data: dict[str, Any], files: Sequence[Upload], form: Form
    ) -> Message:
        shown_to = self._shown_to(interaction, data.get("flags") or 0)
        return await self._chat.create(
            interaction.channel,
            data,
            files,
            form=form,
            more=self._origin(interaction),
            shown_to=shown_to,
        )

    def _response(self, interaction: Interaction, message: Message | None) -> dict[str, Any]:
        told: dict[str, Any] = {"id": str(interaction.id), "type": interaction.kind}
        answer: dict[str, Any] = {"interaction": told}
        if message is not None:
            told |= {
                "response_message_id": str(message.id),
                "response_message_loading": message.loading,
                "response_message_ephemeral": message.ephemeral,
            }
            if interaction.response in (REPLY, UPDATE):
                answer["resource"] = {"type": interaction.response, "message": message.raw}
        return answer

    def _find_original(self, interaction: Interaction) -> Message:
        if interaction.original is None:
            raise unknown_message()
        return self._chat.message(interaction.original)

    async def _get_original(self, interaction: Interaction, _: Call) -> Any:
        return self._find_original(interaction).raw

    async def _edit_original(self, interaction: Interaction, call: Call) -> Any:
        message = self._find_original(interaction)
        message = await self._chat.edit(message, call.data, call.files, interaction.channel)
        interaction.history.append(message)
        interaction.settled = True
        return message.raw

    async def _delete_original(self, interaction: Interaction, _: Call) -> None:
        await self._chat.delete(self._find_original(interaction))
        interaction.settled = True

    async def _follow_up(self, interaction: Interaction, call: Call) -> Any:
        waiting = self._chat.messages.get(interaction.original or 0)
        if waiting is not None and waiting.loading and interaction.deferred:
            # The first follow-up after a deferral takes the place of "thinking", and is as
            # private as the deferral said:
            # https://discord.com/developers/docs/interactions/receiving-and-responding#followup-messages
            data = {k: v for k, v in call.data.items() if k != "flags"}
            flags = (call.data.get("flags") or 0) & ~(EPHEMERAL | LOADING)
            return await self._edit_original(
                interaction, _replaced(call, data | ({"flags": flags} if flags else {}))
            )
        message = await self._say(interaction, call.data, call.files, Form())
        interaction.followups.append(message.id)
        return message.raw

    def _find_other(self, interaction: Interaction, call: Call) -> Message:
        number = call.id("message")
        if number not in (interaction.original, *interaction.followups):
            raise unknown_message()
        return self._chat.message(number)

    async def _get_other(self, interaction: Interaction, call: Call) -> Any:
        return self._find_other(interaction, call).raw

    async def _edit_other(self, interaction: Interaction, call: Call) -> Any:
        message = self._find_other(interaction, call)
        if message.id == interaction.original:
            return await self._edit_original(interaction, call)
        edited = await self._chat.edit(message, call.data, call.files, interaction.channel)
        return edited.raw

    async def _delete_other(self, interaction: Interaction, call: Call) -> None:
        await self._chat.delete(self._find_other(interaction, call))


def _replaced(call: Call, body: dict[str, Any]) -> Call:
    return type(call)(call.path, call.query, body, call.files)
