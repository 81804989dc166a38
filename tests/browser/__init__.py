"""What people see and touch, in a real Chromium."""
