"""The optional accelerator of the matching room; everything else is in pyproject.toml.

Where there is no compiler the package installs without it and the same answers are computed in Python and numpy.
"""

import sys

from setuptools import Extension, setup

FLAGS = ["/O2", "/fp:precise"] if sys.platform == "win32" else ["-O2", "-ffp-contract=off"]

setup(
    ext_modules=[
        Extension("enduse.screen._fast", ["src/enduse/screen/_fast.c"], extra_compile_args=FLAGS, optional=True)
    ]
)
