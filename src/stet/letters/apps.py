"""The room as a Django app."""

from django.apps import AppConfig


class LettersConfig(AppConfig):
    """App `stet.letters`."""

    name = "stet.letters"
    label = "letters"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have letters asked what they say of stories and which they carry, and followed when their list moves."""
        from stet.letters import moving
        from stet.letters.carrying import CarryingLetters
        from stet.letters.retelling import Letters
        from stet.newsroom import retelling
        from stet.newsroom.killing import carriers

        retelling.register(Letters())
        carriers.register(CarryingLetters())
        moving.connect()
