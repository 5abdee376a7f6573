"""The Content-Security-Policy of the dashboard: our own scripts, and of the inline ones only those that the build wrote.

React Router puts a few scripts into each prerendered page; their hashes are read from the built pages once per process.
Reflex evaluates strings only for `rx.call_script` and its kin, which nothing here uses: no 'unsafe-eval'.
"""

import base64
import hashlib
import re
from functools import lru_cache
from pathlib import Path

from saas_admin.core.config import get_settings
from saas_admin.platform import frontend

_INLINE = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)


@lru_cache(maxsize=1)
def policy() -> str:
    """For every HTML page but the widget's, which may be framed and brings its own."""
    settings = get_settings()
    scripts = " ".join(["'self'", *_hashes(frontend.served_from(settings))])
    # The event socket's address is fixed at build time; locally a page opened as 127.0.0.1 talks to localhost and back.
    sockets = sorted(
        {re.sub(r"^http", "ws", origin) for origin in settings.allowed_origins} | set(settings.allowed_origins)
    )
    rules = {
        "default-src": "'self'",
        "script-src": scripts,
        # React and the measured lists set style attributes.
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "media-src": "'self' blob:",
        "connect-src": " ".join(["'self'", *sockets]),
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


NOTHING = "default-src 'none'; frame-ancestors 'none'"
"""For what is no page: should a browser ever show it as one, it can do nothing."""


def _hashes(served: Path) -> list[str]:
    found: set[str] = set()
    for page in served.glob("**/client/**/*.html"):
        for script in _INLINE.findall(page.read_text(encoding="utf-8")):
            digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
            found.add(f"'sha256-{digest}'")
    return sorted(found)
