"""What is measured against a limit: run with nothing beside it."""
