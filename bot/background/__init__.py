"""Long work beside interactive work: its progress, and who goes first."""
