import pytest


@pytest.fixture(params=range(3))
def seed(request):
    """Seed of the initial weights and of what is drawn in training: no result hangs on one."""
    return request.param


@pytest.fixture
def report(request, capsys):
    """Print what a project reached, past pytest's capture."""

    def print_line(*figures):
        with capsys.disabled():
            print("", request.node.name, *figures, sep="\n  ")

    return print_line
