"""The web app: people, places, orders, payments and hand-overs of a community canteen."""
