"""The lists: one folder each, with its `list.toml`, its `parse.py`, a sample of ours and what it must give.

Beside the folders lie the few reading tools that parsers share. Parsers import `enduse.model` and these, nothing
else: how files are found, fetched and kept is the business of `enduse.sources`.
"""
