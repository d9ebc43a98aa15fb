"""What a group of the desk was made for, so that an administrator may rename it."""

from typing import Any

from django.contrib.auth.models import Group
from django.db import models


class Role(models.Model):
    """A role of the desk and the group that has it. One whose group was deleted is not made again."""

    key = models.CharField(max_length=20, unique=True)
    """Such as "reporter"; see `stet.newsroom.roles.table`."""
    group = models.OneToOneField(Group, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    given: Any = models.JSONField(default=list)
    """Rights that were given once, in words of the table. What an administrator takes away is not given again."""

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.key
