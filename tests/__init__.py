"""The proof: unit tests mirror the packages, the rest is by kind (journeys, architecture, faults, browser, benchmarks)."""
