"""Long-running work: its progress, and the priority of interactive requests over it."""
