"""How faithful the checks and the drafts are: labelled cases, real paragraphs, drafted sheets."""
