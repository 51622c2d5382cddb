"""What keeps the bot running: checks, backups, compacting, erasing, health and logs."""
