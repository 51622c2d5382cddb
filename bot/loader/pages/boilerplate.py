"""Recognizes the boilerplate of Thread Reader App's pages and of other unrollers.

A line is compared by its words: case, bold, list markers and backticks do not count, and a browser
may have translated it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.loader.pages.display_formats import DATE, DIGIT, RELATIVE, PrintedDate, printed_date

Kind = Literal[
    "start",
    "footer",
    "tail",
    "more",
    "end",
    "read",
    "date",
    "counts",
    "handle",
    "mark",
    "markup",
    "follow",
    "home",
    "weak",
    "text",
]
"""start: the top of a page; footer: below the main thread; tail: below that; more: above the
previews; read: below a preview; date, counts: above a thread; handle: only a handle; mark: the
rest of a tweet's HTML element; markup: the rest of any other; follow, home: an unroller's button
and address below the author's profile; end: below the previews; weak: boilerplate only near
boilerplate."""

FOOTER = re.compile(
    r"(?:•\s*){3}"
    r"|missing some (?:tweets?|posts?) in this thread\?(?: you can try to)?"
    r"(?: force a refresh\.?)?"
    r"|(?:you can try to )?force a refresh\.?"
    r"|missing some tweets in this thread\? or failed to load images or videos\?.{0,60}"
    # as browsers translate it
    r"|[¿]?(?:falta algún tweet en este hilo|il manque (?:un|des) tweets? dans ce fil"
    r"|fehlt ein tweet in diesem thread|falta algum tweet n(?:este|esse) tópico"
    r"|manca qualche tweet in questo thread) ?\?.{0,80}"
    r"|(?:puede(?:s)? intentar )?forzar una actualización\.?|forcer une actualisation\.?"
    r"|(?:eine )?aktualisierung (?:zu )?erzwingen\.?|forçar uma atualização\.?",
    re.IGNORECASE,
)
LISTED = r"(?:\d{1,2}[.)]\s*|[•*-]\s*)?"
START = re.compile(
    r"(?:thread|tweets?|posts?|unrolled thread) (?:by|from) @(?P<author>\w{1,20})\b.*"
    r"|(?:hilo|fil|beitrag|thread|tópico|discussione) (?:de|von|par|di) @(?P<author2>\w{1,20})\b.*"
    r"|thread reader(?: app)?|share this page!?|enter url or id to unroll"
    r"|unroll (?:thread|another tweet)|you can paste full url like:.*|or just the id like:.*"
    r"|how to get url link on (?:x|twitter).*|on the (?:twitter|x) thread, click on.*"
    r"|click again on .{0,20}share via icon|click on copy link to tweet"
    r"|paste it above and click .{0,3}unroll thread.{0,3}|more info at (?:twitter|x) help"
    r"|skip to (?:main )?content",
    re.IGNORECASE,
)
TAIL = re.compile(
    r"keep current with\b.{0,60}|.{1,60} profile picture"
    r"|this thread can be removed any ?time!?"
    r"|stay in touch and get notified when new unrolls.*"
    r"|get real-time email alerts when new unrolls.*"
    r"|add to .my authors.|read all threads|enjoying this thread\?.*"
    r"|this thread may be removed any ?time!?"
    r"|(?:twitter|x) may remove this content at any ?time.*|save this thread as pdf"
    rf"|try unrolling a thread yourself!?|how to unroll video"
    rf"|{LISTED}follow @threadreaderapp\s*to mention us!?"
    rf"|{LISTED}from a (?:twitter|x) thread mention us with a keyword .{{0,12}}"
    r"|@threadreaderapp unroll"
    r"|(?:you can )?practice here first or read more on our help page.{0,3}",
    re.IGNORECASE,
)
MORE = re.compile(
    r"more from @(?P<author>\w{1,20})|more threads (?:by|from) @?\w{1,50}"
    r"|(?:más de|plus de|mehr von|mais de|altro da|meer van) @(?P<author2>\w{1,20})",
    re.IGNORECASE,
)
READ = re.compile(
    r"(?:read|leer|lire|ler|leggi|lees) (?P<number>\d{1,4}) (?:tweets?|posts?)"
    r"|(?P<number2>\d{1,4}) (?:tweets?|posts?) lesen",
    re.IGNORECASE,
)
END = re.compile(
    r"did thread reader help you today\??|support us! we are indie developers!?"
    r"|this site is made by just .* read more about the story.{0,3}"
    r"|become a premium member .*|don.t want to be a premium member.*"
    r"|make a small donation by buying us .*|donate via paypal"
    r"|or donate anonymously using crypto!?|0x[0-9a-f]{40}(?: copy)?"
    r"|email the whole thread instead of just a link!?|separate emails with commas"
    r"|here.s a great thread you should read right now!?|send thread as email!?"
    r"|email successfully sent!?|send email!?|too expensive\? .*|trending hashtags"
    r"|update from thread reader.*"
    r"|loading suggestions\W*|جاري تحميل الاقتراحات\W*|related threads|similar threads"
    r"|(?:read|view|see) (?:the |this )?(?:full |original )?thread on (?:x|twitter)"
    r"|(?:share|translate|download|print) this thread|download (?:as )?pdf|save to pdf"
    r"|unrolled by @?\w{1,30}|made with .{0,10} by .{1,40}|unroll (?:a new|your own) thread",
    re.IGNORECASE,
)
FOLLOW = re.compile(
    r"follow(?: (?:him|her|them|me|@\w{1,20}))? on (?:x|twitter)"
    r"|(?:seguir|suivre|seguire) (?:en|sur|no|su) (?:x|twitter)|auf (?:x|twitter) folgen",
    re.IGNORECASE,
)
HOME = re.compile(
    r"(?:https?://)?(?:www\.|en\.|ar\.)?(?:twitter-thread\.com/t/(?:[a-z]{2}/)?"
    r"|rattibha\.com/thread/|pingthread\.com/thread/|unrollnow\.com/(?:status|thread)/"
    r"|threadreaderapp\.com/thread/|threadnavigator\.com/thread/)\d{5,20}\S*",
    re.IGNORECASE,
)
WEAK = re.compile(
    r"[×✕x]|post|tweet|share|share on (?:twitter|x)|email|copy|pdf|message|subscribe"
    r"|bookmark(?:ed)?|scrolly|gift link|save as pdf|\+? ?my authors|read on (?:x|twitter)"
    r"|become premium|ethereum|bitcoin|[13][a-zA-Z0-9]{25,34}(?: copy)?"
    r"|thank you for your support!?|follow us!?|help ?\|?|about ?\|?|tos ?\|?|privacy ?\|?"
    r"|(?:leer|lire|ler|leggi) (?:en|sur|no|su) (?:x|twitter)|auf (?:x|twitter) lesen"
    r"|login|log in|sign up|menu|image|update|force a refresh|[•·|,-]"
    r"|\[?(?:twitter|facebook|instagram)\]?",
    re.IGNORECASE,
)
NUMBERS = (
    rf"(?:{DATE}|{RELATIVE}|\d[\d,.]*[kmb]? (?:views?|tweets?|posts?|reads?|min(?:ute)?s? read"
    r"|min(?:uto|ute)?s?\.? (?:de )?(?:lectura|lecture|leitura|lettura|lesezeit|leestijd)"
    r"|publicaciones|publicações|beiträge|vistas|vues|aufrufe|visualizações)"
    r"|(?:leer|lire|ler|leggi) (?:en|sur|no|su) (?:x|twitter)|auf (?:x|twitter) lesen"
    r"|read \d{1,4} (?:tweets?|posts?)|read on (?:x|twitter)|bookmark|save as pdf|my authors)"
)
COUNTS = re.compile(NUMBERS, re.IGNORECASE)
NUMBER = re.compile(r"\d (?:tweets?|posts?|views?|min|publica|beiträge)", re.IGNORECASE)
BETWEEN_COUNTS = re.compile(r"[•·|]|,\s*(?=\d+ (?:tweets?|posts?|views?|min))", re.IGNORECASE)
BETWEEN = re.compile(r"[\s•·|,]+")
VIEWS = re.compile(
    r"\d[\d,.]*[kmb]? (?:views?|followers|following|likes?|reposts?|retweets?|quotes?"
    r"|repl(?:y|ies))",
    re.IGNORECASE,
)
TWEETS = re.compile(
    r"(?<![\d,.])(\d{1,4}) (?:tweets?|posts?|publicaciones|publicações|beiträge)", re.IGNORECASE
)
HANDLE = re.compile(r"\(?@(\w{1,20})\)?", re.ASCII)
LEFT_MARKUP = re.compile(
    r"[\w-]{2,20}#\w{2,20}(?:\"(?:\s*>|\s.*)?|\s*>)|(?:data-[\w-]+|href|class)=\".*",
)
WEAK_MARKUP = re.compile(r"[\w-]{2,20}#\w{2,20}(?:\s.*)?")
AROUND = re.compile(r"(?:[-*+•>#]+\s+|\d{1,2}[.)]\s+|[*_`~=\"“”]+)*")
AFTER = "*_`~= \t"
STRONG = ("footer", "more", "read", "start", "tail", "end", "counts")
"""Kinds that a line has by its words alone, whatever is around them."""
MARK = re.compile(r"data-screenname=\"(\w{1,20})\"\s+data-tweet=\"(\d{1,20})\"")
LONG = 160
"""Characters beyond which a line can only be a page's title or left-over markup."""


@dataclass(frozen=True, slots=True)
class Role:
    """A line's role on the page."""

    kind: Kind
    """The role."""
    author: str | None = None
    """The author's handle, if it is in the line."""
    number: int | None = None
    """The thread's number of tweets, if it is in the line."""
    date: PrintedDate | None = None
    """The date, if the line is one."""
    tweet_id: str | None = None
    """The tweet's id, if the line is a mark."""


TEXT = Role("text")


def classify(text: str, seen: date | None) -> Role:
    """Classify a line; `seen` is the day on which the page was saved, if known."""
    found = _classify(text, seen)
    if found.kind != "text":
        return found
    bare = " ".join(text[AROUND.match(text).end() :].rstrip(AFTER).split())  # type: ignore[union-attr]  # it matches the empty string too
    if not bare or bare == text:
        return found
    again = _classify(bare, seen)
    return again if again.kind in STRONG else found


def _classify(text: str, seen: date | None) -> Role:
    if len(text) > LONG:
        return _classify_long(text)
    if FOOTER.fullmatch(text):
        return Role("footer")
    has_digits = DIGIT.search(text) is not None
    if "data-tweet" in text and (found := MARK.search(text)):
        return Role("mark", author=found[1], tweet_id=found[2])
    if found := MORE.fullmatch(text):
        return Role("more", author=found["author"] or found["author2"])
    if has_digits and (found := READ.fullmatch(text)):
        return Role("read", number=int(found["number"] or found["number2"]))
    if found := START.fullmatch(text):
        return Role("start", author=found["author"] or found["author2"])
    if TAIL.fullmatch(text):
        return Role("tail")
    if END.fullmatch(text):
        return Role("end")
    if FOLLOW.fullmatch(text):
        return Role("follow")
    if has_digits and HOME.fullmatch(text):
        return Role("home")
    if day := printed_date(text, seen):
        return Role("date", date=day)
    if "@" in text and (found := HANDLE.fullmatch(text)):
        return Role("handle", author=found[1])
    if has_digits and VIEWS.fullmatch(text):
        return Role("counts")
    if ("#" in text or '="' in text) and LEFT_MARKUP.fullmatch(text):
        return Role("markup")
    if WEAK.fullmatch(text) or ("#" in text and WEAK_MARKUP.fullmatch(text)):
        return Role("weak")
    if has_digits and _is_counts(text):
        tweets = TWEETS.search(text)
        days = (printed_date(each.strip(), seen) for each in BETWEEN_COUNTS.split(text))
        return Role(
            "counts",
            number=int(tweets[1]) if tweets else None,
            date=next((day for day in days if day), None),
        )
    return TEXT


def _classify_long(text: str) -> Role:
    title = START.fullmatch(text)
    if title:
        return Role("start", author=title["author"] or title["author2"])
    return Role("markup") if LEFT_MARKUP.fullmatch(text) else TEXT


def _is_counts(text: str) -> bool:
    """Whether a line is nothing but a date and numbers: `Jun 13 • 20 tweets • 5 min read`."""
    return NUMBER.search(text) is not None and not BETWEEN.sub("", COUNTS.sub("", text))
