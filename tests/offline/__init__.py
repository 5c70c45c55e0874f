"""A phone that loses its network: the outbox in a real browser, and a proxy that cuts answers."""
