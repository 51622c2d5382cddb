"""Tests of the bot on Discord: the real client, over real sockets, on a Discord of one's own."""
