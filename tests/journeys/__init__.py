"""Whole paths through HTTP."""
