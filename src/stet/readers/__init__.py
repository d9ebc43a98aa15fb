"""Who gets letters: sealed addresses, what each reader agreed to, and how all of it is erased."""
