"""The memory of what was taken from where, so that a second import knows the first."""

from django.db import models


class ImportedRecord(models.Model):
    """One record of an archive, and the row of the newsroom that was made of it."""

    source = models.CharField(max_length=200)
    """The archive, such as "wordpress:example.org"."""
    source_id = models.CharField(max_length=500)
    model = models.CharField(max_length=100)
    """Label of the row's model, such as "newsroom.ArticlePage"."""
    object_id = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64, blank=True)
    """Of the record as it was taken; empty while the taking is not finished."""
    state = models.CharField(max_length=64, blank=True)
    """The row's state as intake left it: another one means that it was edited in the desk since."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "source_id"], name="imported_once_a_source")]

    def __str__(self) -> str:
        return f"{self.source} {self.source_id}"
