"""`python -m bot` is `threadbot`."""

from bot.cli import run

if __name__ == "__main__":
    run()
