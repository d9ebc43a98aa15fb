"""What the desk opens with: what waits, goes live and just went live, and every article as a list to work from."""
