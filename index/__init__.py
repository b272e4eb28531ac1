"""Sample reports to exemplars: parse, clean, split, embed, search. Knows nothing of drafting."""
