"""Pages for residents' and families' phones."""
