"""Carries an edition to places that serve it, and reads back what they serve."""
