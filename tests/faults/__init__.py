"""What must hold when many act at once, or the plug is pulled. Every test runs on SQLite and on PostgreSQL."""
