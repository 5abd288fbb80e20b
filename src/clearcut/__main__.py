"""`python -m clearcut` is `clearcut`."""

from clearcut.cli import main

if __name__ == "__main__":
    main()
