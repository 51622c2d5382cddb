"""Pictures of every screen: the real bot is played, what it sent is rendered and photographed.

`scenes.py` plays, `page.py` renders with `components.py` and `markdown.py`, `shoot.py` takes the
pictures.
"""
