"""Pickling compiled functions: by name where the name leads back to the function, else by their code and what it refers to.

Another process compiles again (or finds the cache). cloudpickle and joblib pickle functions of `__main__` and closures by value themselves;
for them the Python function is handed over with its options.
"""


def reduce(dispatcher):
    """What `pickle` needs to make the function again."""
    import sys

    module = sys.modules.get(dispatcher.__module__)
    found = module
    for part in dispatcher.__qualname__.split("."):
        found = getattr(found, part, None)
    if found is dispatcher:
        return f"{dispatcher.__qualname__}"
    return _rebuild, (dispatcher.py_func, dispatcher.options)


def _rebuild(function, options):
    from numir import dispatcher

    return dispatcher.make(function, options)
