"""Copies of a house: its database and pictures, and, apart from them, its secrets and the list of who was forgotten.

A copy is a folder with a manifest that is written last: without one, or with files that differ from it, it is none.
"""
