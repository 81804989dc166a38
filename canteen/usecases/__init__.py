"""What the platform can do: one verb a file, one transaction, one audit action."""
