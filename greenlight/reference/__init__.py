"""Facts that the law refers to, with their citations, as data; `README.md` says what and from where."""
