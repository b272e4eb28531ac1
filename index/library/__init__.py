"""The library of sample reports. `Library` is the only door; the rest is behind it.

files.py      which files an import takes          likeness.py   near-duplicate reports
importing.py  from a text to a report in it        records.py    what is kept of a report
catalogue.py  SQLite, in and out                   schema.py     its tables and transactions
searching.py  FAISS and BM25 in memory             bm25.py, topics.py    wording, topics
ranking.py    the order of what is found       own.py        what a person keeps as 本单位 style
opening.py    small or large, made ready       large/        what is too large to be held in memory
prints.py, twins.py    which reports may be copies of a text
grams.py      bm25's grams as numbers          ahead.py      files read ahead of their turn
"""

from index.library.importing import OnBuildProgress
from index.library.library import Library
from index.library.own import OwnPart, is_kept_draft, report_id
from index.library.topics import TopicsOf

__all__ = [
    "Library",
    "OnBuildProgress",
    "OwnPart",
    "TopicsOf",
    "is_kept_draft",
    "report_id",
]
