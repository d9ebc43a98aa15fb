"""Filters for moments and numbers: `{{ seen|moment }}`, `{{ count|number }}`."""

from django import template

from stet.office import moments

register = template.Library()
register.filter("moment", moments.moment)
register.filter("number", moments.number)
