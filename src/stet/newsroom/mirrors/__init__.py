"""The desk's pages of mirrors: how each is, and what is asked of the process that carries to them."""
