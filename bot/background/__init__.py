"""Work beside the event loop: jobs in other processes, and their progress."""
