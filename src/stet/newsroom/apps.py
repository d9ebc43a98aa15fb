"""The newsroom as a Django app; it keeps the outbox's triggers and the desk's indexes in place after migrations."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class NewsroomConfig(AppConfig):
    """App `stet.newsroom`."""

    name = "stet.newsroom"
    label = "newsroom"
    verbose_name = _("Newsroom")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the triggers laid anew after each migration: SQLite drops them with a table that it rebuilds.

        And follow what Wagtail does not: people whose address changes, sealed originals of photos that go.
        """
        from stet.newsroom import redirecting
        from stet.newsroom.audit import keeping
        from stet.newsroom.home.indexes import lay_indexes
        from stet.newsroom.outbox import install_triggers
        from stet.newsroom.photos import housekeeping
        from stet.newsroom.roles import connecting
        from stet.newsroom.signing_in import signals
        from stet.newsroom.workflow import laying, reports

        signals.connect()
        redirecting.connect()
        housekeeping.connect()
        post_migrate.connect(install_triggers, sender=self)
        post_migrate.connect(lay_indexes, sender=self)
        keeping.connect(self)
        connecting.connect()
        laying.connect()
        reports.connect()
