"""What would this file change? The dry run of an import, one module for each kind of file."""
