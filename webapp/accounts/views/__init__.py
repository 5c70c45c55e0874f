"""Sign-in, the own account, and how a session becomes an actor."""
