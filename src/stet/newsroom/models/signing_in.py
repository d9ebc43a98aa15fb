"""Where editors are signed in, and how often somebody guessed; neither says from where, or with what."""

from django.conf import settings
from django.db import models


class DeskSession(models.Model):
    """One sign-in that lasts. Ending it is deleting its row."""

    token_digest = models.CharField(max_length=64, unique=True)
    """Of a token that the session holds, and nobody else."""
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    started = models.DateTimeField()
    """To the hour."""
    seen = models.DateTimeField()
    """When it was last used, to the hour."""

    def __str__(self) -> str:
        return f"{self.user_id} {self.started:%Y-%m-%d}"


class WrongTries(models.Model):
    """How often somebody guessed wrong in one lane; see `stet.newsroom.signing_in.slowing`."""

    lane = models.CharField(max_length=64, primary_key=True)
    """A keyed digest: neither the account nor the network can be read from it."""
    failures = models.PositiveIntegerField(default=0)
    last = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.lane[:8]} {self.failures}"
