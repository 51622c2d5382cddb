"""Terminal output, made of models."""
