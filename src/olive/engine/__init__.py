"""The engine: how rules over persons and households are declared, ordered and run.

It knows nothing of any country's law. Names are loaded on first use, so that declaring columns
does not load the parts that run rules; ``__init__.pyi`` lists them.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
