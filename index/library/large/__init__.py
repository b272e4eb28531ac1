"""The large way of searching: for libraries too large to be held in memory and compared whole.

sizing.py     from which size on                 wording.py     which sections share rare grams
form.py       the files it is made of            making.py      making them, block by block
reading.py    one block out of SQLite            searching.py   candidates, then the exact formulas
grouping.py   lists of kindred entries           kinship.py     topics, mixed among kin

What is in these files only proposes candidates. What is shown, and the scores it is ranked by, come
from SQLite by the formulas of the exact way.
"""
