"""The application without limits per address: ``tests.resilience.unlimited:app`` for the fuzzer.

The fuzzer is one address that asks thousands of times; the limits have tests of their own.
"""

from webapp.extensions import limiter
from webapp.wsgi import app

limiter.enabled = False

__all__ = ["app"]
