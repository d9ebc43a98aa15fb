"""Staff screens of the private wing."""
