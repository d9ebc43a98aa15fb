"""Tools that work at a desk that runs, as people or as attackers do."""
