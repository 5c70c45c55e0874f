"""Cases: one real-world problem each, with the category tree, the public point and the timeline.

Used by every feature of the main job. Must always hold: what is public of a case is decided here,
and no exact point of a case leaves through a public query.
"""
