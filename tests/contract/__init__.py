"""What other programs hold on to, written down whole, so that a change of it is a change of a file here.

``contract.json`` and ``help.txt`` are written from the code as it is: ``python -m tests.contract --write``.
"""
