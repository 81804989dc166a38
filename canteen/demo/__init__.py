"""The demo (演示): an invented catalogue, menu cycle and roll of residents. Pure data; the use cases store it."""
