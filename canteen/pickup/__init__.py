"""Pick-up: codes, numbers, and the one hand-over that earns the subsidy."""
