"""Looks at the mail server that letters are handed to: does it answer, does it encrypt, is its certificate good."""

import smtplib
import ssl
from dataclasses import dataclass
from typing import Literal

TIMEOUT_SECONDS = 10.0
Security = Literal["starttls", "tls", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What the mail server showed."""

    answers: bool
    is_encrypted: bool = False
    offers_starttls: bool = False
    problem: str = ""
    """Why the encryption cannot be trusted, or why it does not answer."""


def probe(host: str, port: int, security: str, *, context: ssl.SSLContext | None = None) -> Probe:
    """Connect as the mailroom would, say hello, and leave. Nothing is sent and nobody signs in."""
    context = context or ssl.create_default_context()
    try:
        if security == "tls":
            with smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=context) as server:
                server.ehlo()
                return Probe(answers=True, is_encrypted=True)
        with smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS) as server:
            server.ehlo()
            offers = server.has_extn("starttls")
            if not offers or security == "none":
                return Probe(answers=True, offers_starttls=offers)
            server.starttls(context=context)
            return Probe(answers=True, is_encrypted=True, offers_starttls=True)
    except ssl.SSLCertVerificationError as error:
        return Probe(answers=True, problem=f"Its certificate is not to be trusted: {error.verify_message}.")
    except ssl.SSLError as error:
        return Probe(answers=True, problem=f"The encryption failed ({error.reason or 'SSL'}).")
    except (OSError, smtplib.SMTPException) as error:
        return Probe(answers=False, problem=f"It does not answer ({type(error).__name__}).")
