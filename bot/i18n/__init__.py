"""Messages and the languages that they are shown in."""
