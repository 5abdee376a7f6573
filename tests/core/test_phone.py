import pytest

from saas_admin.core.phone import shown, to_digits, to_e164


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("34611204873", "+34611204873"),
        ("+34 611 20 48 73", "+34611204873"),
        ("5213318472290", "+523318472290"),
        ("523318472290", "+523318472290"),
        ("5491123456789", "+5491123456789"),
        ("541123456789", "+5491123456789"),
        ("+54 11 15-2345-6789", "+5491123456789"),
        ("5511987654321", "+5511987654321"),
        ("551187654321", "+5511987654321"),
        ("551133334444", "+551133334444"),
        ("573104567890", "+573104567890"),
        ("5678", None),
        ("", None),
        ("US.13491208655302741918", None),
        ("US.34611204873", None),
        ("9" * 40, None),
    ],
)
def test_one_spelling(raw, expected):
    assert to_e164(raw) == expected
    assert to_digits(raw) == (expected[1:] if expected else None)


def test_national_number_with_its_region():
    assert to_e164("611 20 48 73", "ES") == "+34611204873"


@pytest.mark.parametrize(
    ("phone", "expected"),
    [("+34611204873", "+34 611 20 48 73"), ("+523318472290", "+52 33 1847 2290"), ("CO.55", "CO.55"), ("", "")],
)
def test_shown_with_spaces(phone, expected):
    assert shown(phone) == expected
