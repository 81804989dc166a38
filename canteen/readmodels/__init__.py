"""What the platform can answer: one question a file, frozen dataclasses out."""
