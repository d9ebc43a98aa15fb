"""Sends printed letters and accounts for each copy."""
