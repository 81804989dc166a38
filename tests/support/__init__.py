"""What tests stand on: a private PostgreSQL, Chromium, and a real server in a process of its own."""
