"""Serves the planted text of one module to this process and, on its path, to all that it starts."""

import json
import linecache
import os
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import spec_from_file_location


class Planted(SourceFileLoader):
    """Loads a module from its planted text; the file itself stays as it is."""

    def __init__(self, name, path, text):
        super().__init__(name, path)
        self.text = text

    def path_stats(self, path):
        """Have neither stored bytecode read nor the mutant's stored."""
        raise OSError("planted")

    def get_data(self, path):
        """Return the planted text for the file's."""
        return self.text.encode()


class Finder:
    """Finds the one module that is planted."""

    def __init__(self, name, path, text):
        self.name, self.path, self.text = name, path, text

    def find_spec(self, name, path=None, target=None):
        """Return the planted module's spec, for others none."""
        if name != self.name:
            return None
        # TensorFlow's AutoGraph compiles functions anew, from the lines that it finds here.
        lines = self.text.splitlines(keepends=True)
        linecache.cache[self.path] = (len(self.text), None, lines, self.path)
        return spec_from_file_location(name, self.path, loader=Planted(name, self.path, self.text))


def install():
    """Plant what the environment names, if it names anything."""
    if "PLANTED" in os.environ:
        sys.meta_path.insert(0, Finder(**json.loads(os.environ["PLANTED"])))


install()
