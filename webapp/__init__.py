"""Mắt Xanh: from a resident's report to a published outcome.

The package root is empty on purpose: nothing may import it as a hub.
"""
