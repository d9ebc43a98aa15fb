"""Filters for moments, months and numbers: `{{ seen|moment }}`, `{{ first_day|month }}`, `{{ count|number }}`."""

from django import template

from stet.office import moments

register = template.Library()
register.filter("moment", moments.moment)
register.filter("month", moments.month)
register.filter("number", moments.number)
