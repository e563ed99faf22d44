"""Documents that are no plain text -> plain text, or JSON lines where they are lists of records. One file a format.

What a format's reader does is done in a limited child process, see `core.corpus.formats.converter`.
"""
