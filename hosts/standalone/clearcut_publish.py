"""Publishes with Pyblish from a shell or a farm, with an exit code that tells.

    PYBLISHPLUGINPATH=… python clearcut_publish.py [--target NAME]… [KEY=VALUE]…

KEY=VALUE pairs go into the context (values as JSON where they are JSON). stdout carries the result as JSON,
everything else goes to stderr. Exit codes: 0 all of it is published; 1 something is blocked or failed; 2 wrong
usage; 3 it could not be told, nothing was published, or the gate is not there.
"""

import argparse
import json
import sys


def pair(text: str) -> tuple[str, object]:
    """`KEY=VALUE` as a pair; the value as JSON where it is JSON."""
    key, found, value = text.partition("=")
    if not key or not found:
        raise argparse.ArgumentTypeError(f"not KEY=VALUE: {text}")
    try:
        return key, json.loads(value)
    except ValueError:
        return key, value


def main(arguments: list[str]) -> int:
    """Publishes and returns the exit code."""
    parser = argparse.ArgumentParser(prog="clearcut_publish.py", description=__doc__.partition("\n")[0])
    parser.add_argument("--target", action="append", help="a Pyblish target (repeatable)")
    parser.add_argument("data", nargs="*", type=pair, metavar="KEY=VALUE")
    options = parser.parse_args(arguments)
    try:
        from clearcut.publish.headless import as_json, last_word, publish
    except ImportError as error:
        print(
            f"clearcut: nothing is published: Clearcut does not load in {sys.executable} ({error}); "
            "ask pipeline TD to install it there",
            file=sys.stderr,
        )
        return 3

    result = publish(dict(options.data), options.target)
    print(as_json(result))
    for note in result.notes:
        print(f"clearcut: {note}", file=sys.stderr)
    if result.exit_code:
        print(f"clearcut: {last_word(result)}", file=sys.stderr)
    return result.exit_code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
