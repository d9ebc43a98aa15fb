"""Translations at the desk: beside their original, with what changed in it since they followed it."""
