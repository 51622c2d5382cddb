"""The bot's features: a module for each command."""
