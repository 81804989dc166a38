"""The only place that knows which database: engines, transactions, guards, migrations."""
