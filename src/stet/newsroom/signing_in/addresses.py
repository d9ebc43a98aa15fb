"""Whether passkeys work at the address that the desk is asked at, and what to do where they do not.

Browsers hand passkeys to pages that came over TLS from a host with a name; this machine's own name, localhost, needs no
TLS. https://www.w3.org/TR/webauthn-2/#sctn-api
"""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def passkeys_work(request: HttpRequest) -> bool:
    """Whether browsers hand out passkeys at this address."""
    host = host_of(request)
    if _is_number(host) or host.endswith(".onion"):  # The Tor Browser has none.
        return False
    return is_this_machine(host) or is_over_tls(request)


def local_address(request: HttpRequest) -> str:
    """The same page by this machine's name, where it was asked for by its number; "" where that does not help."""
    host = host_of(request)
    if not (_is_number(host) and ip_address(host).is_loopback) or is_over_tls(request):
        return ""
    port = request.get_host().rpartition(":")[2]
    return f"http://localhost:{port}{request.path}" if port.isdigit() else f"http://localhost{request.path}"


def host_of(request: HttpRequest) -> str:
    """The host's name or number, without a port and without brackets."""
    host = request.get_host()
    return host.partition("]")[0].strip("[") if host.startswith("[") else host.partition(":")[0]


def is_this_machine(host: str) -> bool:
    """Whether a name is this machine's own (RFC 6761, 6.3)."""
    return host == "localhost" or host.endswith(".localhost")


def is_over_tls(request: HttpRequest) -> bool:
    """Whether the browser came over TLS, by its own word: the server in front may have taken it off."""
    said = request.headers.get("origin", "") or request.headers.get("referer", "")
    return request.is_secure() or said.startswith("https://") or _is_set_up_so(request)


def _is_set_up_so(request: HttpRequest) -> bool:
    base = str(getattr(settings, "WAGTAILADMIN_BASE_URL", ""))
    return base == f"https://{request.get_host()}"


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
