"""The terminal program: commands, options and the chat."""
