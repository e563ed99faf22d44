"""Pure functions: vectors and words in, tables and arrays out.

What is named here is cheap enough for the web process (numpy, pandas, Arrow). Maps and clusters
(`core.explore.projection`, `core.explore.clusters`) compute for seconds and are asked of `core.answers`.
"""

from core.explore.download import csv_bytes
from core.explore.neighbours import Space, neighbours, similarity_to
from core.explore.next_words import next_words
from core.explore.search import search
from core.explore.table import vectors_tsv

__all__ = ["Space", "csv_bytes", "neighbours", "next_words", "search", "similarity_to", "vectors_tsv"]
