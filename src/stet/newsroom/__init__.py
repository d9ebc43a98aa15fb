"""The newsroom's own records: articles, sections, topics, people, photos, corrections, and the desk that edits them."""
