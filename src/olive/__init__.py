"""olive: household income distribution microsimulation.

Everything a first session needs is here; names are loaded on first use, so that importing
olive stays fast. ``__init__.pyi`` lists them, with the module that holds each: editors and type
checkers read it, and so does the loader.
"""

import lazy_loader

from olive_microsim import warn_of_others

__version__ = "0.2.0"

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

warn_of_others()
