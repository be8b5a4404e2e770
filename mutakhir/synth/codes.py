"""The official codes that synthetic people are described with, by the words that the code below them uses."""

from __future__ import annotations

YES, NO = "1", "2"
MALE, FEMALE = "1", "2"
HEAD, SPOUSE, CHILD, CHILD_IN_LAW, GRANDCHILD, PARENT, OTHER = "1", "2", "3", "4", "5", "6", "8"
NEVER_MARRIED, MARRIED, DIVORCED, WIDOWED = "1", "2", "3", "4"
NOT_WORKING, HOMEMAKER, PUPIL, PENSIONER, CIVIL_SERVANT, SOLDIER, POLICE = "1", "2", "3", "4", "5", "6", "7"
PRIMARY, LOWER_SECONDARY, UPPER_SECONDARY, HIGHER = 1, 2, 3, 4
"""Steps of schooling; 0 is none. Above 4 (D3), 5 is S1 and 6 S2."""
STATE_PAID = frozenset((CIVIL_SERVANT, SOLDIER, POLICE))
