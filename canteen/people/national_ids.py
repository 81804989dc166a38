"""The 18-character ID number (公民身份号码): check digit, birthday, sex; and the 15 digits of before 1999.

Source: GB 11643-1999; GB 11643-1989 for 15 digits.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Literal

from stdnum.cn import ric

from canteen.people.errors import NationalIdWrong

_FORM = re.compile(r"[1-9][0-9]{16}[0-9X]", re.ASCII)
_OLD_FORM = re.compile(r"[1-9][0-9]{14}", re.ASCII)


@dataclass(frozen=True, slots=True)
class NationalId:
    """A number whose check digit is right. The place in it is not looked up: districts come and go."""

    number: str
    born: date
    sex: Literal["f", "m"]


def read_national_id(text: str) -> NationalId:
    """The number as typed or read off the card; blanks, a small x and full-width signs are forgiven.

    Fifteen digits become the eighteen the same person has today: whoever got one was born in the 1900s.

    Raises:
        NationalIdWrong: `data["why"]`: length · birthday · digit (the check digit does not match).
    """
    number = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text)).upper()
    if _OLD_FORM.fullmatch(number):
        number = f"{number[:6]}19{number[6:]}"
        number += ric.calc_check_digit(number + "0")
    if not _FORM.fullmatch(number):
        raise NationalIdWrong(why="length")
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError as error:
        raise NationalIdWrong(why="birthday") from error
    if ric.calc_check_digit(number) != number[-1]:
        raise NationalIdWrong(why="digit")
    return NationalId(number, born, "m" if int(number[16]) % 2 else "f")
