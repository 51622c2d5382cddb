"""Takes pictures of every screen: runs the bot, and renders what it sends in Discord's look.

`scenes.py` runs the bot on a local Discord server, `page.py` renders messages with `components.py`
and `markdown.py`, and `shoot.py` takes the pictures.
"""
