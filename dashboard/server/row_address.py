"""A painting's row in an address: up to nine digits, so that no number is too long to read."""

from __future__ import annotations

from typing import Final

from starlette.convertors import IntegerConvertor, register_url_convertor


class RowConvertor(IntegerConvertor):
    """A row of a run."""

    regex = "[0-9]{1,9}"


register_url_convertor("row", RowConvertor())
ROW: Final = "{row:row}"  # in the path of a route
