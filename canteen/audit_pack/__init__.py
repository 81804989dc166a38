"""The audit pack: all of a canteen's month that somebody outside needs to check it, and what signs it."""
