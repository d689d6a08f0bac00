"""The law of export licensing, as pure functions over immutable models.

Nothing here does I/O, reads a clock or knows how it is driven: time is an argument, commands come in as
models, and what happened goes out as events. Imports are limited to the standard library and pydantic.
"""
