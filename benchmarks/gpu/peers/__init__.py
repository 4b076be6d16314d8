"""The programs of the GPU benchmark as users of other packages write them.

A module for each package; its name is what the table calls it. It has `PROGRAMS`, functions of a case's arguments by the case's name, which write where the case's
program writes, or return what that would hold; `put` and `get`, which take arrays there and back; and `Watch`, the package's own events.
"""
