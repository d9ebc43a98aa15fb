"""The outbox: what changed, in the order it changed, for the press to pick up."""

from django.db import models


class OutboxEntry(models.Model):
    """One key that a change touched, written by a database trigger in the change's own transaction."""

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=100)
    """Such as "page:12", "person:7", "photo:3", "site"."""

    class Meta:
        db_table = "newsroom_outbox"

    def __str__(self) -> str:
        return f"{self.id} {self.key}"
