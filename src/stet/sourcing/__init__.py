"""Who says so, citing whom, and what has become of it since."""
