"""Bundles: several drafts that go live at one instant, or none of them."""
