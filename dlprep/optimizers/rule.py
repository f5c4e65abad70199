"""The optimizer around an equation: memory, precision, sparse gradients, configuration."""

import functools
import inspect

from keras import backend, initializers, ops, optimizers

from dlprep.optimizers.fused import fused_step
from dlprep.optimizers.intervals import check_intervals
from dlprep.stand_in import StandIn

# What Keras does to a gradient before the rule sees it; it then has to be whole and wide.
GRADIENT_OPTIONS = (
    "clipnorm",
    "clipvalue",
    "global_clipnorm",
    "loss_scale_factor",
    "gradient_accumulation_steps",
)


class RuleOptimizer(optimizers.Optimizer, metaclass=StandIn):
    r"""An optimizer from its equation, a function of tensors.

    A rule takes the gradient, the weights if it has a parameter `variable`, and the memory; and by
    name whatever else it names: `step`, `learning_rate` and options. It returns the update and the
    new memory. Updates are computed, and memories kept, in float32 or wider.

    Rows that a sparse gradient repeats are summed, and rows that it leaves out have a zero
    gradient: their weights and memory move as under the dense gradient. Keras's own optimizers,
    but for the linear ones, take repeated rows one by one or keep the last of them.

    Attributes:
        rule: The equation, or a property that chooses one.
        slots: The memory: a list of dicts from the name of a slot to Keras's private attribute for
            it. Keras creates the slots of one dict variable by variable. A slot begins at the
            option `initial_<name>_value` where there is one, otherwise at zero.
        options: Constructor arguments beside Keras's own, with what each may be, an interval such
            as `"[0, 1)"`; None where there is nothing to check.
        counted: Whether the rule needs the number of the step. It is read once for all variables:
            a compiled graph then computes once what follows from it, such as $1 - \beta^t$.
        moves: How the weights take what the rule returns: `"assign_sub"`, or `"assign"` where it
            returns new weights.

    Example:
        >>> import keras
        >>> from dlprep.optimizers.rule import RuleOptimizer
        >>> class SignDescent(RuleOptimizer):
        ...     @staticmethod
        ...     def rule(gradient, learning_rate):
        ...         return (learning_rate * keras.ops.sign(gradient),)
        >>> weight = keras.Variable(1.0)
        >>> SignDescent(learning_rate=0.25).apply([keras.ops.array(7.0)], [weight])
        >>> float(weight)
        0.75
    """

    rule = None
    slots = ()
    options = {}
    counted = False
    moves = "assign_sub"
    _step = None

    def __init__(self, **arguments):
        check_intervals(self.options, arguments)
        own = {name: arguments.pop(name) for name in self.options}
        super().__init__(**arguments)
        for name, value in own.items():
            setattr(self, name, value)

    def build(self, variables):
        """Create the memory of every variable.

        Args:
            variables: Model variables.
        """
        if self.built:
            return
        super().build(variables)
        for group in self.slots:
            first = [getattr(self, f"initial_{name}_value", 0.0) for name in group]
            first = [initializers.Constant(value) for value in first]
            columns = self.add_optimizer_variables(variables, list(group), first)
            for attribute, column in zip(group.values(), columns, strict=True):
                setattr(self, attribute, column)

    def add_variable_from_reference(self, reference_variable, name=None, initializer="zeros"):
        """Create an optimizer variable like a model variable, never narrower than float32.

        The square of a gradient of 1e-4 is zero in float16, and a step divided by its root
        explodes. Only the moving average of the weights has their own type, as it replaces them.

        Args:
            reference_variable: The model variable.
            name: Name of the slot.
            initializer: Keras initializer of the first values.
        """
        dtype = precision(reference_variable)
        if name == "average" or dtype == backend.standardize_dtype(reference_variable.dtype):
            return super().add_variable_from_reference(reference_variable, name, initializer)
        path = getattr(reference_variable, "path", reference_variable.name)
        return self.add_variable(
            reference_variable.shape,
            initializer,
            dtype,
            layout=getattr(reference_variable, "_layout", None),
            name=f"{path.replace('/', '_').replace(':', '_')}_{name}",
        )

    def apply(self, grads, trainable_variables=None):
        """Move the variables.

        Args:
            grads: One gradient per variable.
            trainable_variables: The variables; None for those that `build` got.
        """
        given = trainable_variables is not None
        variables = list(trainable_variables) if given else self._trainable_variables
        if any(getattr(self, option) for option in GRADIENT_OPTIONS):
            grads = whole(grads, variables)
        self._step = self.iterations + 1 if self.counted else None
        try:
            return super().apply(grads, variables if given else None)
        finally:
            self._step = None

    def _overwrite_model_variables_with_average_value(self, trainable_variables):
        super()._overwrite_model_variables_with_average_value(trainable_variables)
        for variable in trainable_variables:
            if getattr(variable, "constraint", None) is not None:
                variable.assign(constrained(variable, variable))

    def update_step(self, gradient, variable, learning_rate):
        """Move one variable.

        Args:
            gradient: Its gradient.
            variable: The model variable.
            learning_rate: Step size of this step.
        """
        self.follow(self.rule, gradient, variable, learning_rate, **self.rule_options())

    def follow(self, rule, gradient, variable, learning_rate, **options):
        """Move one variable by a rule, which gets those options that it names."""
        taken = parameters(rule)
        options["learning_rate"] = learning_rate = widen(learning_rate, variable)
        if self.counted:
            step = self.iterations + 1 if self._step is None else self._step
            options["step"] = widen(step, variable)
        options = {name: value for name, value in options.items() if name in taken}
        weights = [widen(variable, variable)] if "variable" in taken else []
        slots = self.memory(variable)
        fused_step(self, variable, slots, rule, summed(gradient, variable), *weights, **options)

    def memory(self, variable):
        """Return the slots of a model variable, in the order of the rule."""
        index = self._get_variable_index(variable)
        return [getattr(self, name)[index] for group in self.slots for name in group.values()]

    def rule_options(self):
        """Return what the rule may name besides the step and the learning rate."""
        return {name: getattr(self, name) for name in self.options}

    def get_config(self):
        """Return the constructor arguments."""
        return {**super().get_config(), **{name: getattr(self, name) for name in self.options}}


def arguments(scope):
    """Return the arguments of a constructor from its `locals()`."""
    own = {name: value for name, value in scope.items() if name not in ("self", "__class__")}
    return {**own.pop("kwargs", {}), **own}


parameters = functools.cache(lambda rule: frozenset(inspect.signature(rule).parameters))


def precision(variable):
    """Return the type to compute updates in: float32, or the variable's own where it is wider."""
    return backend.result_type(variable.dtype, "float32")


def constrained(variable, value):
    """Return a value of a variable, projected as the variable's constraint demands."""
    constraint = getattr(variable, "constraint", None)
    return value if constraint is None else constraint(value)


def widen(x, variable):
    """Cast to the precision of a variable's update."""
    return ops.cast(x, precision(variable))


def summed(gradient, variable):
    """Return a gradient as one wide tensor; rows that it repeats are added up."""
    if type(gradient).__name__ == "IndexedSlices":
        rows = widen(ops.convert_to_tensor(gradient.values), variable)
        indices = ops.convert_to_tensor(gradient.indices)
        return ops.segment_sum(rows, indices, num_segments=variable.shape[0])
    return widen(ops.convert_to_tensor(gradient, sparse=False), variable)


def whole(gradients, variables):
    """Return gradients as wide tensors, without those that are None touched."""
    if len(gradients) != len(variables):
        return gradients
    pairs = zip(gradients, variables, strict=True)
    return [None if g is None else summed(g, v) for g, v in pairs]
