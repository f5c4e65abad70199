"""Deep-learning interview preparation: questions whose answers are run."""

import sys
from importlib import import_module
from importlib.util import find_spec

__version__ = "0.1.0"

COMPONENTS = (
    "activations",
    "callbacks",
    "constraints",
    "initializers",
    "layers",
    "losses",
    "metrics",
    "models",
    "optimizers",
    "regularizers",
)


def register():
    """Import the components, so that Keras can load models made of them."""
    for family in COMPONENTS:
        import_module(f"dlprep.{family}")


class AfterKeras:
    """An import finder that registers the components once Keras has been imported.

    So `import dlprep` is enough to load a saved model, and yet costs a quiz without Keras nothing.
    """

    @staticmethod
    def find_spec(name, path=None, target=None):
        """Return the module's own spec, its loader followed by `register`; None but for Keras.

        Args:
            name: Name of the module that is imported.
            path: Search path of the package that holds it.
            target: Module that is reloaded.
        """
        if name != "keras":
            return None
        sys.meta_path.remove(AfterKeras)
        spec = find_spec(name)
        if spec is not None:
            load = spec.loader.exec_module

            def load_and_register(module):
                load(module)
                register()

            spec.loader.exec_module = load_and_register
        return spec


if "keras" in sys.modules:
    register()
else:
    sys.meta_path.insert(0, AfterKeras)
