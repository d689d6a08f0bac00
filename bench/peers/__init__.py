"""Others' software beside ours, on the same PostgreSQL with the same durability, in turns.

It is installed from the registries into folders of its own, called as its documents say, and never copied;
what cannot be installed is left out by name, with the reason. Each answers less than ours: none asks who may.
"""
