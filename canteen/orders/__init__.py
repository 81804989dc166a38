"""Orders: what someone asked for at one meal, the frozen quote, and where it stands."""
