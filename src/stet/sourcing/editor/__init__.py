"""Claims in the editor: the mark in the text, the drawer beside it, and the panel that lists a story's claims."""
