"""Readers of other systems' files. They only read and judge; taking over is `flows.take_over`.

Every row of a file is accounted for: imported, or in a rejects file with its reason.
"""
