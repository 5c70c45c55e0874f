"""Official letters: what they say, how they are laid out, how they are numbered.

Used by casework (recommendations, urging letters), triage (transfer slips), reporting (receipts)
and media (certificates of originals). What must always hold:

* a letter has no field for the person who reported, so none can be printed;
* the docx and the HTML twin (from which the PDF is made) carry the same text, because both are
  drawn from one Sheet;
* equal letters give equal bytes, so a stored file can be checked by its hash;
* the words are Vietnamese only: an official document of a Vietnamese body is never translated,
  so nothing here carries the translation mark.
"""
