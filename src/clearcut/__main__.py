"""`python -m clearcut` is `clearcut`."""

from clearcut.cli import run

if __name__ == "__main__":
    run()
