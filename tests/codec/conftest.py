"""Servers for these tests alone: they are killed here."""

from tests.service.conftest import site

__all__ = ["site"]
