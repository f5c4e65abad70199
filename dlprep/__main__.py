"""Entry point of the `dlprep` command and of `python -m dlprep`."""

from dlprep import cli


def main():
    """Run the command line."""
    cli.main()


if __name__ == "__main__":
    main()
