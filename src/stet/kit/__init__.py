"""Plain tools with no opinion that every room may use."""
