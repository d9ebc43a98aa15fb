"""What a story stands on: claims, who makes them citing whom, the evidence, and what became of them."""
