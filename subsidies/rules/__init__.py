"""Subsidy rules as data: documents in TOML, decisions to the fen, explanations and replay."""
