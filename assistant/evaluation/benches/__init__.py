"""Loaders and measures for public sets that lie in a folder outside the project; one small file for each."""
