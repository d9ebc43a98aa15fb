"""All models of the newsroom, by subject."""

from stet.newsroom.models.articles import (
    ArticleByline,
    ArticleCorrection,
    ArticlePage,
    ArticleTag,
    ArticleUpdate,
    ReadMorePick,
)
from stet.newsroom.models.bundles import Bundle, BundleMember
from stet.newsroom.models.home import SavedView
from stet.newsroom.models.live import LiveCoverage, LiveEntry
from stet.newsroom.models.outbox import OutboxEntry
from stet.newsroom.models.pages import FrontPage, FrontPlacement, FrontTopic, SectionPage, StaticPage, TopicPage
from stet.newsroom.models.people import Person
from stet.newsroom.models.photos import Photo, PhotoRendition
from stet.newsroom.models.roles import Role
from stet.newsroom.models.sharing import SharedDraft
from stet.newsroom.models.signing_in import DeskSession, WrongTries
from stet.newsroom.models.withdrawals import Withdrawal
from stet.newsroom.models.workflow import CheckedTask, CheckedTaskState

__all__ = [
    "ArticleByline",
    "ArticleCorrection",
    "ArticlePage",
    "ArticleTag",
    "ArticleUpdate",
    "Bundle",
    "BundleMember",
    "CheckedTask",
    "CheckedTaskState",
    "DeskSession",
    "FrontPage",
    "FrontPlacement",
    "FrontTopic",
    "LiveCoverage",
    "LiveEntry",
    "OutboxEntry",
    "Person",
    "Photo",
    "PhotoRendition",
    "ReadMorePick",
    "Role",
    "SavedView",
    "SectionPage",
    "SharedDraft",
    "StaticPage",
    "TopicPage",
    "Withdrawal",
    "WrongTries",
]
