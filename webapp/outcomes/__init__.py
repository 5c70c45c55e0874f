"""The public outcome page and the end of a case.

Used by publishers and the Front. Must always hold: who wrote the finding never publishes it alone;
a published version is never replaced silently.
"""
