"""Spoken help: recordings of local people for a screen and a category, in any language.

Used by the resident's pages. Must always hold: nothing is translated by a machine; what is served
was looked at from its first bytes, and plays only when somebody asks.
"""
