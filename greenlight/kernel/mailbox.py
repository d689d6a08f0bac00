"""Mailboxes of electronic mail, as they are today: no quotes, no comments, no bare host."""

import re
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

_FORM = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@([A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}")
"""The narrower part of what RFC 5321, section 4.1.2, has. It cannot end a line of a mail's head."""


def _well_formed(text: str) -> str:
    if not _FORM.fullmatch(text):
        raise ValueError("must be a mailbox with its domain, such as exports@acme.example")
    return text


Mailbox = Annotated[str, StringConstraints(max_length=254), AfterValidator(_well_formed)]
