"""Panels of the desk's forms: a formset that is no row's child, and what is known of a claim, a question, evidence."""

import json
from typing import Any

from django.forms import HiddenInput
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from wagtail.admin.panels import Panel

from stet.sourcing import overview
from stet.sourcing.computing import agreeing, independent_roots
from stet.sourcing.errors import HistoryBrokenError
from stet.sourcing.history import verify
from stet.sourcing.models import Claim
from stet.sourcing.reading import read_claims
from stet.sourcing.terms import Visibility
from stet.sourcing.timeline import entries
from stet.sourcing.usage import claims_with_evidence, claims_with_source
from stet.sourcing.words import RELATIONS

MOST_RIVALS = 50


def desk_language() -> str:
    """The language that the editor reads the desk in."""
    return get_language() or "en"


class FormsetPanel(Panel):
    """A plain formset, shown and handled by the desk's own script for rows that are added, removed and put in order."""

    def __init__(self, formset_name: str, *, label: Any, child_template: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.formset_name, self.label, self.child_template = formset_name, label, child_template

    def clone_kwargs(self) -> dict[str, Any]:
        """What a copy is made with."""
        own = {"formset_name": self.formset_name, "label": self.label, "child_template": self.child_template}
        return {**super().clone_kwargs(), **own}

    class BoundPanel(Panel.BoundPanel):
        """The panel on one form."""

        template_name = "wagtailadmin/panels/inline_panel.html"

        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.label = self.panel.label
            if self.form is None:
                return
            self.formset = getattr(self.form, self.panel.formset_name)
            children = [
                _Row(form, self.panel.child_template, number) for number, form in enumerate(self.formset.forms, 1)
            ]
            self.children = sorted(children, key=lambda child: child.place)
            self.empty_child = _Row(self.formset.empty_form, self.panel.child_template, "")

        def get_context_data(self, parent_context: Any = None) -> Any:
            """With what the script is told."""
            context = super().get_context_data(parent_context)
            options = {
                "formsetPrefix": f"id_{self.formset.prefix}", "emptyChildFormPrefix": self.formset.empty_form.prefix,
                "canOrder": self.formset.can_order, "maxForms": self.formset.max_num,
            }  # fmt: skip
            return {**context, "options_json": json.dumps(options), "can_order": self.formset.can_order}


class _Row:
    """One form of the formset, as the template takes it."""

    def __init__(self, form: Any, template: str, number: int | str) -> None:
        self.form, self._template = form, template
        for name in ("DELETE", "ORDER"):
            if name in form.fields:
                form.fields[name].widget = HiddenInput(attrs={"value": number} if name == "ORDER" else {})
        given = getattr(form, "cleaned_data", {}).get("ORDER")
        self.place = given or number or 0

    def render_form_content(self) -> SafeString:
        """Its fields."""
        return render_to_string(self._template, {"form": self.form})


class _KnownPanel(Panel):
    """Something that is told of a row that was saved."""

    class BoundPanel(Panel.BoundPanel):
        """The panel on one row."""

        def is_shown(self) -> bool:
            """Of a row that was never saved there is nothing to tell."""
            return bool(self.instance.pk)

        def told(self) -> dict[str, Any]:
            """What the template gets."""
            return {}

        def render_html(self, parent_context: Any = None) -> SafeString:  # noqa: ARG002 - Wagtail's signature
            """The panel's words."""
            return render_to_string(self.template_name, self.told()) if self.instance.pk else SafeString("")


class StandingPanel(_KnownPanel):
    """What became of a claim, from how many roots it comes, how it stands to others, and where it stands in print."""

    class BoundPanel(_KnownPanel.BoundPanel):
        """The panel on one claim."""

        template_name = "sourcing/panels/standing.html"

        def told(self) -> dict[str, Any]:
            """Status, roots, relations from both sides, range of its question, stories."""
            claim, language = self.instance, desk_language()
            known = read_claims({claim.pk, *overview.agreeing_ids([claim.pk])})
            value = known[claim.pk]
            sides = [
                *((r, other, True) for r, other in value.relations),
                *((r, o, False) for r, o in value.related_from),
            ]
            others = overview.lines({other for _relation, other, _is_ours in sides[:100]}, language=language)
            words = dict(RELATIONS)
            ranges, roots, rivals = (
                overview.spans(claim.question_id, language=language) if claim.question_id else ((), 0, 0)
            )
            return {
                "claim": claim,
                "value": value,
                "status_word": overview.STATUS_WORDS[value.status],
                "last": value.events[-1] if value.events else None,
                "roots": independent_roots(agreeing(value, known)),
                "relations": [
                    (words[relation], others[other], is_ours) for relation, other, is_ours in sides if other in others
                ],
                "question": claim.question,
                "ranges": ranges, "rival_roots": roots, "rivals": rivals,
                "stories": overview.standing_of(claim.pk),
            }  # fmt: skip


class HistoryPanel(_KnownPanel):
    """Everything that happened to a claim, newest first, and whether anybody altered it."""

    class BoundPanel(_KnownPanel.BoundPanel):
        """The panel on one claim."""

        template_name = "sourcing/panels/history.html"

        def told(self) -> dict[str, Any]:
            """The entries, and what is wrong with them."""
            return {"entries": entries(self.instance, language=desk_language()), "wrong": _what_is_wrong(self.instance)}


def _what_is_wrong(claim: Claim) -> str:
    try:
        verify([claim])
    except HistoryBrokenError as error:
        return str(error)
    return ""


class RivalsPanel(_KnownPanel):
    """The claims that answer a question, side by side, oldest first; nothing picks a winner."""

    class BoundPanel(_KnownPanel.BoundPanel):
        """The panel on one question."""

        template_name = "sourcing/panels/rivals.html"

        def told(self) -> dict[str, Any]:
            """The first claims, and what all of them span."""
            language = desk_language()
            ranges, roots, count = overview.spans(self.instance.pk, language=language)
            claims = Claim.objects.filter(question=self.instance).order_by("as_of", "pk")
            ids = list(claims.values_list("pk", flat=True)[:MOST_RIVALS])
            found = overview.lines(ids, language=language)
            return {
                "question": self.instance, "ranges": ranges, "roots": roots, "count": count,
                "lines": [found[pk] for pk in ids if pk in found], "more": count - len(ids),
            }  # fmt: skip


class CopiesPanel(_KnownPanel):
    """What lies of a piece of evidence, and how to get at it."""

    class BoundPanel(_KnownPanel.BoundPanel):
        """The panel on one piece."""

        template_name = "sourcing/panels/copies.html"

        def told(self) -> dict[str, Any]:
            """Its copies, and how many claims rest on it."""
            piece = self.instance
            return {
                "piece": piece,
                "is_sealed": piece.visibility == Visibility.SEALED,
                "has_file": piece.size_bytes is not None,
                "claims": claims_with_evidence(piece),
            }


class UsePanel(_KnownPanel):
    """In how many claims a source speaks."""

    class BoundPanel(_KnownPanel.BoundPanel):
        """The panel on one source."""

        template_name = "sourcing/panels/use.html"

        def told(self) -> dict[str, Any]:
            """The count."""
            return {"source": self.instance, "claims": claims_with_source(self.instance)}
