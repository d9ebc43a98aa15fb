"""Photos at the desk: many taken in at once, rights that end, faces blurred, doubles found, originals sealed."""
