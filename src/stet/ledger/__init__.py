"""Contributions, plans, and the facts that payment providers tell about them."""
