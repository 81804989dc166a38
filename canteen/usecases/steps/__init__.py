"""What several use cases do inside their own transaction: book, place, pay, hand over, release. Never called by a page."""
