"""From bytes to text: where a dump's bytes are, encodings, pieces."""
