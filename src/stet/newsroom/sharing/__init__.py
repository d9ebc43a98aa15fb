"""Showing a draft to somebody outside by a link that ends, can be revoked, and says on the page who got it."""
