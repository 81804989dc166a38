"""Pages and programs: HTTP by audience."""
