"""Embargoes: what may not be read before an hour, whoever presses which button."""
