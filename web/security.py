"""Who may do what: headers for every answer, and who is sitting at the mat's own screen.

Control calls (start, stop, tare) are for the screen on this machine alone. Four things must hold:
the request comes from a loopback address, no proxy has passed it on, it is addressed to a loopback
name (a page elsewhere that rebinds its own name to 127.0.0.1 is not), and it carries the token that
only the stream told it.
"""

from __future__ import annotations

import hmac
import ipaddress
import secrets

from flask import Request, Response

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "media-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), usb=(), serial=()",
}
TOKEN_HEADER = "X-Pronemat-Token"  # noqa: S105 (the name of a header, not a secret)
FORWARDED_HEADERS = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Via")
"""Each says that a proxy on this machine speaks for somebody else."""
LOCAL_NAMES = ("localhost", "127.0.0.1", "[::1]")


def add_headers(response: Response) -> Response:
    """Put the security headers on an answer, but for those that its page has set itself; pages are
    never cached, static files are checked."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def new_token() -> str:
    """A secret for the life of this process."""
    return secrets.token_urlsafe(24)


def is_local(request: Request) -> bool:
    """Whether the request comes from this machine itself and is addressed to it by a local name."""
    try:
        from_here = ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
    passed_on = any(name in request.headers for name in FORWARDED_HEADERS)
    return from_here and not passed_on and _host_name(request.host) in LOCAL_NAMES


def may_control(request: Request, token: str) -> bool:
    """Whether a control call is to be obeyed."""
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    given = request.headers.get(TOKEN_HEADER, "")
    return (
        is_local(request)
        and site == "same-origin"
        and hmac.compare_digest(given.encode(), token.encode())
    )


def _host_name(host: str) -> str:
    if host.startswith("["):
        return host[: host.find("]") + 1]
    return host.partition(":")[0].lower()
