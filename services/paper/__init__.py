"""Paper: our own pages by Typst, other people’s office files by LibreOffice."""
