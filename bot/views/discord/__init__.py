"""Discord messages, made of models."""
