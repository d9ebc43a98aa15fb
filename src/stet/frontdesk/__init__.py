"""The only pages that take something from a reader."""
