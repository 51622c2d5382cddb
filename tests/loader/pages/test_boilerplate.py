"""The roles of a copied page's lines."""

from __future__ import annotations

from datetime import date

import pytest

from bot.loader.pages.boilerplate import TEXT, Kind, Role, classify
from bot.loader.pages.display_formats import PrintedDate

LINES: dict[Kind, list[str]] = {
    "footer": [
        "• • •",
        "•••",
        "Missing some Tweet in this thread? You can try to",
        "Missing some tweets in this thread?",
        "missing some posts in this thread? You can try to force a refresh.",
        "You can try to force a refresh",
        "force a refresh",
    ],
    "start": [
        "Thread Reader",
        "Thread Reader App",
        "Share this page!",
        "Enter URL or ID to Unroll",
        "Unroll Thread",
        "unroll another tweet",
        "You can paste full URL like: https://x.com/a/status/1",
        "or just the ID like: 1644127596119195649",
        "How to get URL link on X (Twitter) App",
        "How to get URL link on Twitter App",
        "On the X thread, click on or icon on the bottom",
        "Click again on or Share Via icon",
        "Click on Copy Link to Tweet",
        "Paste it above and click “Unroll Thread”!",
        "More info at Twitter Help",
        "Skip to main content",
        "Skip to content",
    ],
    "tail": [
        "Keep Current with",
        "Keep current with Anna Porto",
        "Anna Porto Profile picture",
        "Stay in touch and get notified when new unrolls are available from this author!",
        "Get real-time email alerts when new unrolls are available from this author!",
        "Add to “My Authors”",
        "Read all threads",
        "Enjoying this thread? Share it!",
        "This Thread may be Removed Anytime!",
        "This thread may be removed any time",
        "Twitter may remove this content at anytime! Save it as PDF for later use!",
        "X may remove this content at any time",
        "Save this thread as PDF",
        "Try unrolling a thread yourself!",
        "How to unroll video",
        "Follow @ThreadReaderApp to mention us!",
        "1. Follow @ThreadReaderApp to mention us!",
        "2) From a Twitter thread mention us with a keyword “unroll”",
        '• From a X thread mention us with a keyword "unroll"',
        "@threadreaderapp unroll",
        "Practice here first or read more on our help page!",
        "You can practice here first or read more on our help page",
    ],
    "more": ["More from @anna_ports", "More threads by Anna_Porto", "more threads from @anna"],
    "read": ["Read 4 tweets", "read 1 tweet", "Read 1200 posts"],
    "end": [
        "Did Thread Reader help you today?",
        "Support us! We are indie developers!",
        "This site is made by just two developers on a laptop. Read more about the story.",
        "Become a Premium Member ($3/month or $30/year) and get exclusive features!",
        "Don't want to be a Premium member but still want to support us?",
        "Don’t want to be a Premium member?",
        "Make a small donation by buying us coffee ($5) or help with server cost ($10)",
        "Donate via Paypal",
        "Or Donate anonymously using crypto!",
        "0xfe58350B80634f60Fa6Dc149a72b4DFbc17D341E",
        "0xfe58350B80634f60Fa6Dc149a72b4DFbc17D341E copy",
        "Email the whole thread instead of just a link!",
        "Separate emails with commas",
        "Here's a great thread you should read right now!",
        "Send Thread As Email!",
        "Email Successfully Sent!",
        "Send Email!",
        "Too expensive? Make a small donation",
        "Trending hashtags",
        "Update from Thread Reader",
    ],
    "handle": ["@anna_ports", "(@anna_ports)"],
    "counts": [
        "18,904 views",
        "1.2K followers",
        "35 Following",
        "1 like",
        "2 reposts",
        "3M retweets",
        "1 quote",
        "4 replies",
        "1 reply",
        "20 tweets",
        "Jun 13 • 20 tweets • 5 min read",
        "20 posts • 5 minutes read • Read on X",
        "12 reads • 1 min read • Bookmark • Save as PDF • My Authors",
        "Jun 13, 2025, 20 tweets, 5 min read",
        "1 min read | Read 20 tweets",
    ],
    "weak": [
        "×",
        "Post",
        "Tweet",
        "Share",
        "Share on X",
        "email",
        "Copy",
        "PDF",
        "Message",
        "Subscribe",
        "Bookmarked",
        "Scrolly",
        "Gift Link",
        "Save as PDF",
        "+ My Authors",
        "Read on Twitter",
        "Become Premium",
        "Ethereum",
        "Bitcoin",
        "3ATGMxNzCUFzxpMCHL5sWSt4DVtS8UqXpi",
        "Thank you for your support!",
        "Follow Us!",
        "Help |",
        "About",
        "TOS |",
        "Privacy",
        "Login",
        "Sign up",
        "Menu",
        "Image",
        "Update",
        "•",
        "[Twitter]",
        "Facebook",
        "thread#showTweet",
        'thread#showTweet data-a="b">',
    ],
    "markup": ['twitter-profile#error" >', 'data-tweet="19"', 'href="https://x.com/anna">'],
    "follow": ["Follow on Twitter", "Follow @anna on X"],
    "home": ["twitter-thread.com/t/1900000000001", "https://en.rattibha.com/thread/1900000000001"],
    "date": ["Jun 13", "Jun 13, 2025", "13 June 2025", "2025-06-13", "Jun 13 •"],
    "text": [
        "Ports grow quiet.",
        "a • • •",
        "• •",
        "More from @anna_ports and others",
        "Read 4 tweets of hers",
        "Reading 4 tweets",
        "The post",
        "Share it",
        "@anna_ports says",
        "@a_handle_far_too_long_for_x",
        "20 tweets are enough",
        "I wrote 20 tweets",
        "Jun 13 was cold",
        "13 ships",
        "2025",
        "x#y",
        "thread by anna",
        "",
    ],
}
EVERY = [(kind, said) for kind, lines in LINES.items() for said in lines]


@pytest.mark.parametrize(("kind", "said"), EVERY)
def test_a_line_is_known_by_its_words_in_any_case(kind: Kind, said: str) -> None:
    assert classify(said, None).kind == kind
    if kind not in ("text", "weak", "markup"):
        assert classify(said.upper(), None).kind == kind


def test_a_line_names_the_author_of_the_page() -> None:
    title = "Thread by @anna_ports on Thread Reader App"
    assert classify(title, None) == Role("start", author="anna_ports")
    assert classify("Tweets by @anna", None) == Role("start", author="anna")
    assert classify("Thread Reader", None) == Role("start")
    assert classify("More from @anna_ports", None) == Role("more", author="anna_ports")
    assert classify("More threads by Anna", None) == Role("more")
    assert classify("(@anna_ports)", None) == Role("handle", author="anna_ports")
    mark = 'thread#showTweet" data-screenname="anna" data-tweet="19" dir="auto">'
    assert classify(mark, None) == Role("mark", author="anna", tweet_id="19")


def test_a_line_gives_the_date_and_length_of_a_thread() -> None:
    saved = date(2025, 6, 14)
    day = PrintedDate("2025-06-13")
    assert classify("Read 4 tweets", None) == Role("read", number=4)
    assert classify("Jun 13", saved) == Role("date", date=day)
    assert classify("Jun 13", None) == Role("date", date=PrintedDate(None))
    assert classify("20 tweets", None) == Role("counts", number=20)
    assert classify("5 min read", None) == Role("counts")
    assert classify("18,904 views", None) == Role("counts")
    whole = Role("counts", number=20, date=day)
    assert classify("Jun 13 • 20 tweets • 5 min read", saved) == whole
    assert classify("20 posts · Jun 13, 2025 | 5 min read", None) == whole
    assert classify("Jun 13, 2025, 20 tweets, 5 min read", None) == whole
    assert classify("1,204 tweets • 5 min read", None) == Role("counts")


def test_a_long_line_is_a_title_or_markup_or_text() -> None:
    words = "and so on " * 20
    assert classify(f"Thread by @anna_ports: {words}", None) == Role("start", author="anna_ports")
    assert classify(f'data-tweet="19" {words}', None) == Role("markup")
    assert classify(f"Ports grow quiet, {words}", None) == TEXT
    enjoying = "Enjoying this thread? "
    assert classify(enjoying.ljust(160, "a"), None).kind == "tail"
    assert classify(enjoying.ljust(161, "a"), None) == TEXT
