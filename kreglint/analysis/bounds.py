"""How far the analysis goes: every bound in one place, so that no program makes it fail or take long.

Beyond a bound a value is unknown, with the reason, or a fact is not told.
"""

from __future__ import annotations

# Programs
BRACKETS = 200  # that are open at once, as in every CPython (MAXLEVEL in its tokenizer)
STACK = 200_000  # frames of Python, for a program that is nested deeply
OTHER_FILE = 400_000  # characters of a file that is read for another's sake
PROGRAMS = 40  # that the analysis of one file goes into
USERS = 12  # files that call what another defines
PROGRAMS_KEPT = 64  # for later files, by their last use

# Constants
STRING = 1_000  # characters of a string that is put together
WRITTEN_BITS = 4_000  # of a number of 1,000 hexadecimal digits; a longer one is not a λ
BITS = 2_048  # of a number that is worked out
NUMBER = 1e300  # the largest that is worked with: beyond it is no λ
ITEMS = 64  # of a sequence, or characters of a string, that a function of Python goes through
ENTRIES = 64  # of a dict

# Names and branches
ALTERNATIVES = 16  # of a name: keeps a chain of branches linear; a reader gives up sooner
CONDITIONS = 6  # on the way to one binding
JOIN_PARTS = 64  # before a join is looked into, where several parts may lead to one binding
NAMES = 50  # that stand for names

# One question for a value
STEPS = 60  # from an expression to one that it stands for
PARTS = 5_000  # of a value, each counted as often as it is used
GUARDS = 4  # conditions that are asked for to know another
CALLS = 400  # of functions of the user's own, each counted as often as its answer is used
ANEW = 2_000  # answers in one analysis that are not kept, so that they may be worked out again
FRAMES = 8  # calls within calls
COMBINATIONS = 16  # of alternatives that the arguments of a call have
RELATIVES = 32  # classes that inheritance ties to one
CALLEE_STEPS = 8  # from a name to the function that it stands for
CALLERS = 64  # of one function, so that the work stays near linear in the file
ALIASES = 32  # of one name, beyond which it is taken to be changed
ALIAS_STEPS = 6  # from name to name

# Where objects go
OWNER_STEPS = 20  # from what is stored in to the name where it begins
ORIGIN_STEPS = 40  # expressions within each other, or names that stand for others
METHODS = 64  # of one name, that an object of any class may have
IMPORTS = 8  # from file to file, to the one that binds a name
LINKED = 12  # programs whose objects are followed together
GIVEN = 8  # places that put something into a name, for it to be followed to functions

# Keras
MODEL_STEPS = 6  # from a name to the call that makes its model
OUTPUTS = 1_000  # calls and names behind the outputs of one model
BUILDER_STEPS = 4  # functions that return what other functions return
BASE_STEPS = 6  # from a class to a base of its bases
WRAPPERS = 4  # within wrappers
WRAPPER_CALLS = 200  # in the body of one wrapper
TERM_STEPS = 4  # names and functions on the way to a penalty
SINK_STEPS = 400  # from a penalty to where it ends
