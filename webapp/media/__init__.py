"""Photos: received, sealed, decoded in a limited child process, shown only as renditions.

Used by every feature with pictures. Must always hold: nothing is served but what our encoder made
from pixels; an original opens only like an identity.
"""
