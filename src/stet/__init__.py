"""Stet: the system behind a newsroom that somebody wants silent."""

__version__ = "0.1.0"
