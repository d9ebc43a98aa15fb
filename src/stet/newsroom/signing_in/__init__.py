"""How editors sign in at the desk, prove it a second time, see where they are signed in, and end it."""
