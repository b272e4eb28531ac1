"""The large way of searching: for libraries too large to be held in memory and compared whole.

sizing.py     from which size on                 wording.py     which sections share rare grams
form.py       the files it is made of            making.py      making them, block by block
reading.py    one block out of SQLite            searching.py   candidates, then the exact formulas
grouping.py   lists of kindred entries           kinship.py     topics, mixed among kin

Candidates are proposed by rough numbers. What is shown and its wording come from SQLite, its
meaning from these files, held closely enough (grouping.py); the exact formulas rank it.
"""
