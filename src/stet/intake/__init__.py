"""Archives of other systems, and of Stet itself, become the newsroom's pages here."""
