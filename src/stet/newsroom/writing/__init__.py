"""Writing at the desk: clean paste, links without trackers, words counted, quotes mended, words found and replaced."""
