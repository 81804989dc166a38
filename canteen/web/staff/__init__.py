"""Pages for canteen staff."""
