"""The commands that IPython reads without a `%` or `!` before them, where they are all of a cell."""

from __future__ import annotations

import re

# The line magics and aliases of IPython, with those that Colab and the usual extensions bring.
_NAMES = """
    alias alias_magic autoawait autocall autoindent automagic autoreload autosave bookmark cat cd clear code_wrap
    colors conda config connect_info cp cpaste debug dhist dirs doctest_mode ed edit env gui hist history
    killbgscripts ldir less lf lk ll load load_ext loadpy logoff logon logstart logstate logstop ls lsmagic lx macro
    magic mamba man matplotlib micromamba mkdir more mv notebook page paste pastebin pdb pdef pdoc pfile pinfo
    pinfo2 pip popd pprint precision prun psearch psource pushd pwd pycat pylab qtconsole quickref recall rehashx
    reload_ext rep rerun reset reset_selective rm rmdir run save sc set_env store sx system tb tensorboard
    tensorflow_version time timeit unalias unload_ext uv who who_ls whos xdel xmode
""".split()
COMMAND = rf"(?:{'|'.join(_NAMES)})(?=[ \t]+[^\s=,])[^\r\n]*"  # without an argument it is Python, and an assignment too
_CELL = re.compile(rf"\s*{COMMAND}(?:\r\n|\r|\n)?")


def is_automagic(cell: str) -> bool:
    """True if a cell that is not Python is such a command: IPython looks for one where a cell is one line."""
    return _CELL.fullmatch(cell) is not None
