"""What counts as the same letter where words are looked for, in the press and in the reader's browser."""

FOLDED = "ёеيیىیئیكکةهۀهأاإاآاٱاؤو"
"""Letters in pairs: what is written, what it counts as."""
GONE = "\u00ad\u0300-\u036f\u0640\u064b-\u065f\u0670\u200b\u200d-\u200f\u202a-\u202e\u2066-\u2069\ufeff"
"""Ranges of marks that a word is found without: accents on their own, harakat, tatweel, hyphens, direction."""
