"""What a form of an account may hold."""

import re

from saas_admin.core.errors import Invalid

EMAIL = re.compile(r"^[^@\s<>\"'(),;:\\]{1,64}@[^@\s<>\"'(),;:\\]+\.[^@\s<>\"'(),;:\\.]{2,}$")


def is_email(text: str) -> bool:
    return len(text) <= 254 and EMAIL.match(text) is not None


def ensure_email(text: str) -> None:
    if not is_email(text):
        raise Invalid(fields={"email": "email_format"})
