"""The 18-character ID number (公民身份号码): check digit, birthday, sex. Source: GB 11643-1999."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from stdnum.cn import ric

from canteen.people.errors import NationalIdWrong

_FORM = re.compile(r"[1-9][0-9]{16}[0-9X]", re.ASCII)


@dataclass(frozen=True, slots=True)
class NationalId:
    """A number whose check digit is right. The place in it is not looked up: districts come and go."""

    number: str
    born: date
    sex: Literal["f", "m"]


def read_national_id(text: str) -> NationalId:
    """The number as typed or read off the card; blanks and a small x are forgiven.

    Raises:
        NationalIdWrong: wrong length, an impossible birthday, or the check digit does not match.
    """
    number = re.sub(r"\s", "", text).upper()
    if not _FORM.fullmatch(number) or ric.calc_check_digit(number) != number[-1]:
        raise NationalIdWrong
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError as error:
        raise NationalIdWrong from error
    return NationalId(number, born, "m" if int(number[16]) % 2 else "f")
