"""Parameters as Stripe's clients write them: `line_items[0][price_data][currency]=usd`.

* A form becomes nested dictionaries of texts.
* Names, and what may stand in them, are checked against the TypedDicts that `stripe` itself ships
  (`stripe.params`, generated from Stripe's own description at the pinned version). A name that is not there is refused,
  as Stripe refuses it; a list of words is kept to, even where the types allow any text beside them.
"""

import re
from functools import cache
from types import UnionType
from typing import Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints
from urllib.parse import parse_qsl

from stripe._request_options import RequestOptions

from stet.ledger.practice.fault import Fault, wanted

_PART = re.compile(r"\[([^\[\]]*)\]")
Form = dict[str, Any]


def read_form(text: str) -> Form:
    """The form as nested dictionaries; a list has its positions as keys.

    >>> read_form("mode=payment&line_items[0][quantity]=1&expand[]=a")
    {'mode': 'payment', 'line_items': {'0': {'quantity': '1'}}, 'expand': {'0': 'a'}}
    """
    form: Form = {}
    for name, value in parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text), max_num_fields=1000):
        head, _, rest = name.partition("[")
        place, key = form, head
        for part in _PART.findall(f"[{rest}" if rest else ""):
            inner = place.setdefault(key, {})
            if not isinstance(inner, dict):
                raise Fault(f"Invalid object: {head}", param=head)
            place, key = inner, part or str(len(inner))
        place[key] = value
    return form


def checked(form: Form, kind: type | None) -> Form:
    """The form with values of the declared types; `kind` is the request's TypedDict, None for one without any."""
    return _table(form, kind, "") if kind is not None else _none(form)


def _none(form: Form) -> Form:
    for name in form:
        raise _unknown(name)
    return {}


@cache
def _hints(kind: type) -> dict[str, tuple[Any, bool]]:
    """Each parameter's type, and whether it has to be there. Options of the client's own are left out."""
    own = {name: hint for name, hint in kind.__annotations__.items() if name not in RequestOptions.__annotations__}
    holder = type("Hints", (), {"__annotations__": own, "__module__": kind.__module__})
    found = {}
    for name, hint in get_type_hints(holder, include_extras=True).items():
        is_optional = get_origin(hint) is NotRequired
        found[name] = (get_args(hint)[0] if is_optional else hint, not is_optional)
    return found


def _table(form: Form, kind: type, path: str) -> Form:
    hints = _hints(kind)
    result = {}
    for name, value in form.items():
        inner = f"{path}[{name}]" if path else name
        if name not in hints:
            raise _unknown(inner)
        result[name] = _value(value, hints[name][0], inner)
    for name, (_hint, is_required) in hints.items():
        if is_required and name not in form:
            raise wanted(f"{path}[{name}]" if path else name)
    return result


def _value(value: Any, hint: Any, path: str) -> Any:
    choices = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    words = [word for choice in choices if get_origin(choice) is Literal for word in get_args(choice)]
    if isinstance(value, dict):
        return _nested(value, choices, path)
    if value == "" and "" not in words:
        raise Fault(
            f"You passed an empty string for '{path}'. We assume empty values are an attempt to unset a parameter; "
            f"however '{path}' cannot be unset. You should remove '{path}' from your request or supply a non-empty "
            "value.",
            code="parameter_invalid_empty",
            param=path,
        )
    if value in words:
        return value
    if any(words):
        raise Fault(f"Invalid {path}: must be one of {', '.join(filter(None, words))}", param=path)
    return _single(value, choices, path)


def _nested(value: Form, choices: tuple[Any, ...], path: str) -> Any:
    for choice in choices:
        if hasattr(choice, "__required_keys__"):  # a TypedDict, whichever module it is made by
            return _table(value, choice, path)
        if get_origin(choice) is list:
            if not all(key.isdecimal() for key in value):
                raise Fault("Invalid array", param=path)
            return [_value(one, get_args(choice)[0], f"{path}[{key}]") for key, one in value.items()]
        if get_origin(choice) is dict:
            return {key: _value(one, get_args(choice)[1], f"{path}[{key}]") for key, one in value.items()}
    raise Fault(f"Invalid string: {path}", param=path)


def _single(value: str, choices: tuple[Any, ...], path: str) -> Any:
    if int in choices:
        if not re.fullmatch(r"-?\d{1,18}", value):
            raise Fault(f"Invalid integer: {value}", code="parameter_invalid_integer", param=path)
        return int(value)
    if bool in choices:
        if value not in ("true", "false"):
            raise Fault(f"Invalid boolean: {value}", param=path)
        return value == "true"
    if float in choices:
        return float(value)
    if str in choices:
        if len(value) > 5000:
            raise Fault(f"Invalid string: {path} is too long", code="parameter_invalid_string", param=path)
        return value
    raise Fault(f"Invalid object: {path}", param=path)


def _unknown(path: str) -> Fault:
    return Fault(f"Received unknown parameter: {path}", code="parameter_unknown", param=path)
