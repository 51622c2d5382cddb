"""The languages of answers: the reader's own in private, the server's in public."""

from __future__ import annotations

import re

import pytest

from bot.errors import DateNotUnderstood
from bot.i18n.catalogues import language_of, languages
from tests.app.commands.test_mention import answers
from tests.app.conftest import Scene
from tests.discord_server import Upload


async def test_an_answer_is_in_the_language_of_who_asks(scene: Scene) -> None:
    scene.ada.locale = "de"
    message = await (await scene.ada.slash("ask", question="chip export controls")).reply()
    assert "Die besten 2 stehen hier; schwächere Treffer folgen" in message.text
    assert "1 Tweet enthält alle drei Wörter." in message.text
    assert "Tweet 7 von 19" in message.text
    assert "[Auf X finden](<https://x.com/search?q=%22The" in message.text
    assert "who oversaw **export** **controls** during the Biden years" in message.text
    assert "Alle 12 in diesem Thread" in [each.label for each in message.buttons]
    scene.ada.locale = "ja"
    message = await (await scene.ada.slash("ask", question="chip export controls")).reply()
    assert "上位2件がここにあります。" in message.text
    assert "19件中7件目のツイート" in message.text
    assert "who oversaw **export** **controls** during the Biden years" in message.text


@pytest.mark.parametrize("tag", languages())
async def test_nothing_found_is_told_in_every_language(scene: Scene, tag: str) -> None:
    say, scene.ada.locale = language_of(tag), tag
    message = await (await scene.ada.slash("ask", question="-from:anna zebra has:photo")).reply()
    told = message.text.replace("\\", "")
    assert f"**{say('Nothing matches')}**" in told
    assert say("The loaded threads include:") in told
    wrong = "“-{operator}” was ignored. A minus excludes only words, as in -rumour."
    assert say(wrong, operator="from:anna") in told
    ignored = "“{operator}” was ignored. Write it like {example}."
    assert say(ignored, operator="has:photo", example="has:link") in told


@pytest.mark.parametrize("tag", languages())
async def test_a_date_is_refused_in_every_language(scene: Scene, tag: str) -> None:
    say, scene.ada.locale = language_of(tag), tag
    message = await (await scene.ada.slash("ask", question="zebra", since="soon")).reply()
    assert message.text.replace("\\", "") == say.say(
        DateNotUnderstood("since", "soon").sentences[0]
    )


async def test_an_error_is_in_the_language_of_who_asks(scene: Scene) -> None:
    for locale, said in (
        ("de", "Kein Thread passt zu „zebra“. Versuch es mit Wörtern seines Titels oder füg"),
        (
            "ja",
            "「zebra」に一致するスレッドはありません。タイトルの言葉で試すか、リンクを貼り付けてください。",
        ),
        ("es-419", "Ningún hilo coincide con «zebra». Prueba con palabras de su título"),
    ):
        scene.ada.locale = locale
        assert said in (await (await scene.ada.slash("thread", thread="zebra")).reply()).text


async def test_who_may_not_is_told_by_the_command_s_name_there(scene: Scene) -> None:
    scene.ada.locale = "de"
    sent = Upload("okapi.txt", b"Okapis, a thread\n")
    refused = await (await scene.ada.slash("reload", file=sent)).reply()
    assert "Für /neuladen ist die Berechtigung „Server verwalten“ nötig." in refused.text
    scene.ada.locale = "ja"
    refused = await (await scene.ada.slash("library dumps")).reply()
    assert "/ライブラリ には「サーバー管理」の権限が必要です。" in refused.text


async def test_who_asks_too_often_is_told_in_their_language(scene: Scene) -> None:
    scene.ada.locale = "zh-CN"
    for _ in range(16):
        asked = await scene.ada.slash("ask", question="zebra")
    assert "提问太快了。" in (await asked.reply()).text


async def test_pages_and_forms_are_in_the_language_of_who_turns_them(scene: Scene) -> None:
    scene.ada.locale = "de"
    page = await (await scene.ada.slash("thread", thread="suitcases")).reply()
    assert "Seite 1 von 4" in [each.label for each in page.buttons]
    turned = await (await scene.ada.press(page, label="Weiter ▶")).reply()
    assert "Seite 2 von 4" in [each.label for each in turned.buttons]
    scene.ada.locale = "ja"
    turned = await (await scene.ada.press(turned, label="Weiter ▶")).reply()
    assert "4ページ中3ページ" in [each.label for each in turned.buttons]
    asked = await scene.ada.press(turned, label="ツイートへ移動…")
    assert asked.modal is not None
    assert asked.modal.title == "ツイートへ移動"
    assert asked.modal.inputs[0].label == "このスレッドでのツイートの番号"
    wrong = await (await scene.ada.submit(asked.modal, {"said": "soon"})).reply()
    assert "「soon」はツイートの番号ではありません" in wrong.text


async def test_a_reload_is_told_in_the_language_of_who_loads(scene: Scene) -> None:
    scene.grace.locale = "de"
    sent = Upload("okapi.txt", b"Okapis, a thread\nThey are shy\n")
    preview = await (await scene.grace.slash("reload", file=sent)).reply()
    assert "2 neue Tweets, keiner geändert." in preview.text
    scene.grace.locale = "ja"
    report = await (await scene.grace.press(preview, label="Laden")).reply()
    assert "+2件のツイート。ライブラリは現在、8件のスレッドに39件のツイートです。" in report.text
    assert "新規：Okapis, a thread" in report.text
    undone = await (await scene.grace.press(report, label="元に戻す")).reply()
    assert "−2件のツイート" in undone.text
    wrong = await scene.grace.slash("reload", file=sent, source="here")
    assert "出典 here：ここには https:// で始まるウェブアドレス を" in (await wrong.reply()).text


async def test_why_a_file_cannot_be_read_is_told_in_the_reader_s_language(scene: Scene) -> None:
    scene.grace.locale = "fr"
    sent = Upload("empty.txt", b""), Upload("picture.txt", b"\x89PNG")
    preview = await (await scene.grace.slash("reload", file=sent[0], file2=sent[1])).reply()
    assert "Impossible de lire empty.txt\xa0: le fichier est vide" in preview.text
    assert "picture.txt\xa0: c'est une image PNG, pas du texte\u202f; enregistre" in preview.text


async def test_a_public_answer_is_in_the_language_of_the_server(scene: Scene) -> None:
    scene.guild.locale, scene.ada.locale = "fr", "de"
    message = await (await scene.ada.slash("ask", question="Dalia Lama", public=True)).reply()
    assert not message.ephemeral
    assert "Résultats pour **Dalai Lama** au lieu de *Dalia Lama*." in message.text
    mine = await scene.ada.press(message, label="Rechercher plutôt\xa0: Dalia Lama")
    assert mine.updated
    exact = await mine.reply()
    assert "Aucun tweet ne contient «\xa0Dalia\xa0»." in exact.text
    assert "Voulais-tu dire\xa0: Dalai Lama" in [each.label for each in exact.buttons]
    scene.grace.locale = "ja"
    theirs = await scene.grace.press(message, label="Récents d'abord")
    assert not theirs.updated
    assert "出典" in [each.label for each in (await theirs.reply()).buttons]
    private = await (await scene.ada.slash("ask", question="hard drives", public=False)).reply()
    shared = await scene.ada.press(private, label="Teilen…")
    (menu,) = (await shared.reply()).selects
    chosen = await scene.ada.choose(await shared.reply(), values=[menu.options[0][1]])
    assert "Ada a partagé cette réponse à\xa0: hard drives" in (await chosen.reply()).text


async def test_a_failure_to_answer_everyone_is_told_in_one_s_own_language(scene: Scene) -> None:
    scene.guild.locale, scene.ada.locale = "fr", "de"
    message = await (await scene.ada.slash("thread", thread="zebra", public=True)).reply()
    assert message.ephemeral
    assert "Kein Thread passt zu „zebra“" in message.text


async def test_a_mention_is_answered_in_the_language_of_the_server(scene: Scene) -> None:
    scene.guild.locale = "zh-CN"
    await scene.ada.say(f"<@{scene.server.world.bot.id}> hard drives")
    (answer,) = await answers(scene, 1)
    assert "条推文" in answer.text
    await scene.ada.say(f"<@{scene.server.world.bot.id}>")
    assert "`/提问`" in (await answers(scene, 2))[-1].text


@pytest.mark.parametrize("locale", ["tr", "xx-unknown", "en-GB", "zh-TW"])
async def test_a_language_without_a_catalogue_is_answered_in_english(
    scene: Scene, locale: str
) -> None:
    scene.ada.locale = scene.guild.locale = locale
    message = await (await scene.ada.slash("ask", question="chip export controls")).reply()
    assert "**15 tweets in 4 threads** ·" in message.text
    public = await (await scene.ada.slash("ask", question="zebra", public=True)).reply()
    assert "**Nothing matches**" in public.text


async def test_a_thread_is_posted_in_the_language_of_the_server(scene: Scene) -> None:
    scene.guild.locale, scene.ada.locale = "es-ES", "de"
    page = await (await scene.ada.slash("thread", thread="Dalai Lama")).reply()
    offered = await (await scene.ada.choose(page, values=["post"])).reply()
    assert "Das erstellt einen Discord-Thread mit 1 Nachricht: 3 Tweets (Vorschau)" in (
        offered.text.replace("\\", "")
    )
    posted = await scene.ada.press(offered, label="Posten")
    told = await posted.reply(until=lambda message: "1 Nachricht in <#" in message.text)
    place = re.search(r"<#(\d+)>", told.text)
    assert place is not None
    channel = scene.server.world.channel(int(place[1]))
    assert channel is not None
    (first, *_) = [each for each in scene.server.messages_in(channel) if each.text]
    assert "-# **Solo una vista previa: el archivo contiene 3 tuits" in first.text
    assert "[Buscar en X](" in first.text


async def test_what_was_done_is_listed_in_the_reader_s_language(scene: Scene) -> None:
    scene.grace.locale = "fr"
    listed = await (await scene.grace.slash("library dumps")).reply()
    assert "Chargés ici\xa0: 1 fichier" in listed.text
    assert "(texte de Thread Reader, partagé)" in listed.text
    said = await (await scene.grace.slash("library answers", public=True)).reply()
    assert "sauf si l'option public de /demander ou de /fil dit autrement" in said.text
    about = await (await scene.grace.slash("about")).reply()
    assert "37 tweets dans 7 fils" in about.text
    help_ = await (await scene.grace.slash("help")).reply()
    assert "</ask:" in help_.text
    assert "«\xa0Gérer le serveur\xa0» ou le rôle choisi avec </library role:" in help_.text
    assert "*Trouver des fils à ce sujet*" in help_.text


async def test_in_direct_messages_all_is_in_the_language_of_the_one_who_is_there(
    scene: Scene,
) -> None:
    eve = scene.server.add_user("eve")
    eve.locale = "fr"
    for public in (False, True):
        message = await (await eve.slash("ask", question="chips", public=public)).reply()
        assert "Sources" in [each.label for each in message.buttons]
    turned = await (await eve.press(message, label="Récents d'abord")).reply()
    assert "Ces tweets n'ont pas de date, donc ils ne sont pas triés par date." in turned.text
