"""Settings, servers and the `stet` command: puts the rooms together and is imported by none of them."""
