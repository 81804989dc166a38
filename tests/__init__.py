"""The proof: unit tests mirror the packages; journeys, architecture, documents, faults, browser, benchmarks beside."""
