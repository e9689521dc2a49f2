"""The numbers of patients in the four nations: which ten digits can be one.

NHS number: NHS Data Dictionary, attribute NHS NUMBER: modulus 11 with the weights 10 to 2; a check digit of 10 is never
issued. CHI (Scotland; ISD Data Dictionary, CHI Number) and the Health and Care Number of Northern Ireland have the same
check digit; the first six digits of a CHI are a date of birth. Of random ten digits one in eleven passes the check,
and four in a hundred lie in an issued range too: without a label both are asked.
"""

from __future__ import annotations

import re
from enum import Enum

LENGTH = 10
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Scheme(Enum):
    """Which number ten digits are, by the range they lie in."""

    NHS = "nhs"
    CHI = "chi"
    HCN = "hcn"
    NONE = "none"


def checks(digits: str) -> bool:
    """Whether the tenth digit is the check digit of the first nine."""
    if len(digits) != LENGTH:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False))
    return (11 - total % 11) % 11 == int(digits[9]) and len(set(digits)) > 1


def scheme(digits: str) -> Scheme:
    """The range ten digits lie in, whatever their check digit."""
    if _is_date(digits[:6]):
        return Scheme.CHI
    first = int(digits[:3])
    if 320 <= first <= 399:
        return Scheme.HCN
    if 312 <= first < 320 or 400 <= first < 500 or 600 <= first < 800 or first == 999:
        return Scheme.NHS
    return Scheme.NONE


_COUNTED = "01234567890123456789", "98765432109876543210"
_THRICE = re.compile(r"(\d)\1\1(\d)\2\2(\d)\3\3\3|(\d\d?\d?)\4+\d{0,2}")  # 111 222 3333, 1212121212


def placeholder(digits: str) -> bool:
    """Whether digits only fill a place: all the same, counted up or down, or repeated."""
    return any(digits in one for one in _COUNTED) or bool(_THRICE.fullmatch(digits))


def _is_date(six: str) -> bool:
    day, month = int(six[:2]), int(six[2:4])
    return 1 <= month <= 12 and 1 <= day <= _DAYS[month - 1]


def ni_number(letters: str) -> bool:
    """Whether two letters can begin a National Insurance number (HMRC NIM39110), QQ of examples included."""
    pair = letters.upper()
    if pair == "QQ":
        return True
    allowed = pair[0] not in "DFIQUV" and pair[1] not in "DFIQUVO"
    return allowed and pair not in ("BG", "GB", "KN", "NK", "NT", "TN", "ZZ")
