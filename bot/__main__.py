"""`python -m bot` is `threadbot`."""

from bot.terminal.main import run

if __name__ == "__main__":
    run()
