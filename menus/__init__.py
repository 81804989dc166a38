"""Food: what is served, when, how many. Never HTTP, orders or subsidies."""
