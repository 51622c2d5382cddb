"""Presentation: models as Discord messages, terminal rows, JSON and files."""
