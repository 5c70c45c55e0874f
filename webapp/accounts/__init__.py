"""Sign-in, roles as data, dated assignments: turns a session into an actor.

Used by the HTTP shell through the current-actor loader. Must always hold: a changed or ended
assignment is judged at the next request; roles permit nothing by their name.
"""
