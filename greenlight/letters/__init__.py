"""Letters of the agency: what they say (``compose``) and how they look (``render``).

What a letter says comes from events alone, and a letter of the same content has the same bytes wherever and
whenever it is rendered. Storing and sending them is not done here.
"""
