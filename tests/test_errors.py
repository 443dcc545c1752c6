"""What Python says of somebody else's file is said in words of ours."""

from __future__ import annotations

import json
import struct
import zlib
from decimal import InvalidOperation

import pytest
from jinja2 import TemplateError

from mailer.errors import Misfit, in_words, unnumbered

KIND = "something in it is not of the kind that it should be"


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (ValueError("invalid literal for int() with base 10: 'x'"), KIND),
        (ValueError("Invalid isoformat string: '-1'"), KIND),
        (TypeError("unsupported operand type(s) for +: 'NoneType' and 'int'"), KIND),
        (AttributeError("'NoneType' object has no attribute 'name'"), KIND),
        (IndexError("list index out of range"), KIND),
        (InvalidOperation("[<class 'decimal.ConversionSyntax'>]"), KIND),
        (struct.error("unpack requires a buffer of 4 bytes"), KIND),
        (zlib.error("Error -3 while decompressing data"), "what is packed in it is damaged"),
        (KeyError("size"), "'size' is missing"),
        (TimeoutError("timed out"), "no answer came in time"),
        (RecursionError("maximum recursion depth exceeded"), "it is nested too deep"),
        (json.JSONDecodeError("Expecting value", "\n[", 2), "line 2 is no JSON"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"), "a text in it is not UTF-8"),
    ],
)
def test_what_python_raises(error: Exception, says: str) -> None:
    assert in_words(error) == says


def test_a_sentence_of_ours_or_of_a_library_is_kept() -> None:
    assert in_words(Misfit("it is empty")) == "it is empty"
    assert in_words(TemplateError("unexpected '}'.")) == "unexpected '}'"
    assert in_words(LookupError("unknown encoding: foo")) == "unknown encoding: foo"
    assert in_words(OSError(28, "No space left on device")) == "No space left on device"


def test_an_error_of_the_system_has_no_number_of_pythons() -> None:
    said = "failed to resolve host 'a': [Errno -2] Name or service not known"
    assert unnumbered(said) == "failed to resolve host 'a': Name or service not known"
