"""The till: an installable app in the store, and what it asks of us."""
