"""What can go wrong in a benchmark, as a sentence."""


class BenchmarkError(Exception):
    """A measurement could not be made; the sentence says which, and why."""
