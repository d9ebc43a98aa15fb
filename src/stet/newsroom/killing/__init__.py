"""Killing a story: it is withdrawn at once, with a reason, and whoever carries it is named."""
