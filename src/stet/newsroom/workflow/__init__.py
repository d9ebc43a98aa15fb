"""A story's way from its reporter to readers: steps with checklists, which hold it while something is open."""
