"""How fast reports are written, each beside its peer or its limit, in one run.

JSON for 100,000 uses beside `json.dumps` of the same values (at most 3 times); HTML for 2,000 shots (0.5 s, 1 MB);
the panel, drawn offscreen: ready for 2,000 shots (1 s), painted for 20,000 (1.5 s), a keystroke in its filter (0.1 s).
"""

import json
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from clearcut.report import FORMATS
from fakes.verdicts import NOON, large


def _best(function, times=3):
    took = []
    for _ in range(times):
        start = time.perf_counter()
        function()
        took.append(time.perf_counter() - start)
    return min(took)


def _panel():
    """(seconds to make and paint 2,000 shots, the same for 20,000, the slowest of some keystrokes)."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from qtpy import QtWidgets

    from clearcut.panel.presenter import Presenter
    from clearcut.panel.qt.window import PanelWindow

    app = QtWidgets.QApplication.instance() or QtWidgets.QApplication(["bench"])

    def shown(verdict):
        start = time.perf_counter()
        window = PanelWindow(Presenter(lambda: NOON), lambda *_: verdict)
        window.resize(1200, 800)
        window.show()
        window.presenter.arrived(window.presenter.begin("cut.otio"), verdict)
        app.processEvents()
        window.grab()
        return time.perf_counter() - start, window

    shown(large(1))[1].close()  # Qt's own start, once
    film, window = shown(large(2_000))
    window.close()
    many, window = shown(large(20_000))
    strokes = []
    for text in ("h", "he", "hel_01", "p7", ""):
        start = time.perf_counter()
        window.search.setText(text)
        app.processEvents()
        strokes.append(time.perf_counter() - start)
    window.close()
    return film, many, max(strokes)


def main():
    """Prints the numbers; leaves with 1 when a goal is missed."""
    many, film = large(100_000), large(2_000)
    values = json.loads(FORMATS["json"](many))
    ours, peer = _best(lambda: FORMATS["json"](many)), _best(lambda: json.dumps(values))
    page = _best(lambda: FORMATS["html"](film))
    size = len(FORMATS["html"](film).encode())
    print(
        f"JSON, 100,000 uses: {ours:.2f} s; json.dumps of the same: {peer:.2f} s; ratio {ours / peer:.2f} (goal 3)"
    )
    print(f"HTML, 2,000 shots: {page:.3f} s (goal 0.5), {size / 1e6:.2f} MB (goal 1)")
    film_s, many_s, stroke_s = _panel()
    print(f"Panel, 2,000 shots ready: {film_s:.2f} s (goal 1); 20,000 painted: {many_s:.2f} s (goal 1.5)")
    print(f"Panel, a keystroke in the filter over 20,000 rows: {stroke_s:.3f} s (goal 0.1)")
    slow = film_s > 1 or many_s > 1.5 or stroke_s > 0.1
    sys.exit(ours > 3 * peer or page > 0.5 or size > 1e6 or slow)


if __name__ == "__main__":
    main()
