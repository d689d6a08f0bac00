"""What other programs hold on to, written down whole, so that a change of it is a change of a file here.

What was written there is a promise: of a difference the changelog tells.

``contract.json``, ``help.txt``, ``golden/readings.json`` and the command line's own catalog
(``greenlight/cli/catalog.json``) are written from the code as it is:
``python -m tests.contract --write``. Histories of workflows are in ``tests/histories/``.
"""
