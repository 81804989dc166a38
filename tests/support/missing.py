"""What a test does when the machine lacks a program: skip with the way to get it, or fail where CI=true."""

import os
from typing import NoReturn

import pytest


def in_ci() -> bool:
    """In CI a missing program is a failure, so that a green run never means less than it says."""
    return os.environ.get("CI", "").lower() in {"1", "true"}


def missing(program: str, how: str) -> NoReturn:
    """End the running test: skipped for a person, failed in CI. `how` is the command that gets the program."""
    sentence = f"{program} is missing: {how}"
    if in_ci():
        pytest.fail(sentence, pytrace=False)
    pytest.skip(sentence)
