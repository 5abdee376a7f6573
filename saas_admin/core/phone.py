"""One spelling per phone. WhatsApp, shops and people write a mobile in several ways; a customer has one."""

import re
from functools import lru_cache

import phonenumbers

_NOT_DIGITS = re.compile(r"[^0-9]")
_LETTERS = re.compile(r"[^\W\d_]")


@lru_cache(maxsize=16_384)
def to_e164(raw: str, region: str | None = None) -> str | None:
    """`+<country><number>` with the national quirks of mobiles removed, or None when it cannot be a phone.

    `region` (ISO country) is only for numbers written without a country code.
    """
    written = raw.strip()
    if _LETTERS.search(written):
        return None
    if region is None and not written.startswith("+"):
        written = "+" + _NOT_DIGITS.sub("", written)
    try:
        number = phonenumbers.parse(_without_quirks(written), region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def to_digits(raw: str) -> str | None:
    """The same without the plus: what WhatsApp calls a wa_id."""
    phone = to_e164(raw)
    return phone[1:] if phone else None


def shown(phone: str) -> str:
    """As people write it abroad, with spaces: `+34 611 20 48 73`. What is no phone stays as it is."""
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return phone
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _without_quirks(written: str) -> str:
    if not written.startswith("+"):
        return written
    digits = _NOT_DIGITS.sub("", written)
    # Mexico dropped the 1 of mobiles in 2019; WhatsApp still says 521.
    if len(digits) == 13 and digits.startswith("521"):
        return "+52" + digits[3:]
    # Argentina writes mobiles abroad with a 9 after 54, at home without: WhatsApp uses both.
    if len(digits) == 12 and digits.startswith("54"):
        return "+549" + digits[2:]
    # Brazil put a 9 before its mobiles; accounts older than that keep eight digits (2 to 5 are land lines).
    if len(digits) == 12 and digits.startswith("55") and digits[4] in "6789":
        return f"+{digits[:4]}9{digits[4:]}"
    return "+" + digits
