"""All models of the letters, by subject."""

from stet.letters.models.letters import LetterPage
from stet.letters.models.lists import ListPage

__all__ = ["LetterPage", "ListPage"]
