"""What other programs read and send: Open311, OGC API Features, feeds, downloads, keys, webhooks.

Used by nobody below. Must always hold: only public cases at their public point, no time finer than
a day, no photo before its approval; every interface asks the same queries, so that they agree.
"""
