"""What the practice provider refuses, in Stripe's own form."""

from typing import Any


class Fault(Exception):  # noqa: N818 - an answer, not a failure of ours
    """An answer that is an error. `keeps`: whether what was done until then stays, as with a declined card."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        code: str = "",
        param: str = "",
        keeps: bool = False,
        **more: Any,
    ) -> None:
        super().__init__(message)
        self.status, self.keeps = status, keeps
        self.error: dict[str, Any] = {"message": message, "type": kind, **more}
        if code:
            self.error["code"] = code
            self.error["doc_url"] = f"https://stripe.com/docs/error-codes/{code.replace('_', '-')}"
        if param:
            self.error["param"] = param


def missing(kind: str, number: str, *, param: str = "id") -> Fault:
    """There is no such object."""
    return Fault(f"No such {kind}: '{number}'", status=404, code="resource_missing", param=param)


def wanted(param: str) -> Fault:
    """A parameter is missing."""
    return Fault(f"Missing required param: {param}.", code="parameter_missing", param=param)
