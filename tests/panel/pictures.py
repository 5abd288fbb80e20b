"""Pictures of the panel's every state and of the HTML report, into the folder named: `make pictures`.
A second folder gets those that the documentation shows (`make docs`).

The panel is drawn offscreen. The report needs Chromium; without it that part says so and is left out.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
from dataclasses import replace
from importlib import resources
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parent.parent))

from clearcut.bootstrap import CheckOptions
from clearcut.core.reasons import reason
from clearcut.core.timing import FrameRange
from clearcut.core.verdict import AnswerSource
from clearcut.errors import EditError
from clearcut.panel.asking import Answer, ask
from clearcut.report import FORMATS
from fakes.chromium import Browser, found
from fakes.verdicts import NOON, a_shot, a_use, a_verdict, helios, hostile, large


def panel(folder: Path) -> list[Path]:
    """One picture per state of the panel."""
    from qtpy import QtGui, QtWidgets

    from clearcut.panel.presenter import Presenter
    from clearcut.panel.qt.window import PanelWindow

    app = QtWidgets.QApplication.instance() or QtWidgets.QApplication(["pictures"])
    never = threading.Event()
    down = a_verdict(
        a_shot("HEL_020_0100", 0, 288),
        source=AnswerSource("server", "https://clearance.example"),
        reasons=(reason("backend-unavailable", "https://clearance.example did not answer within 30 s"),),
    )

    def window() -> PanelWindow:
        made = PanelWindow(Presenter(lambda: NOON), lambda *_: never.wait() and helios())
        made.resize(1200, 800)
        return made

    def ready(verdict):
        def act(shown: PanelWindow) -> None:
            shown.presenter.arrived(shown.presenter.begin("helios_v041.otio"), verdict)

        return act

    def waiting(shown: PanelWindow) -> None:
        steps = []
        shipped(steps.append)
        shown.presenter.stepped(shown.presenter.begin("helios_v042.otio"), steps[-1])

    def show(shown: PanelWindow) -> None:
        ready(shipped())(shown)
        shown.resize(1120, 740)
        shown.presenter.follow("HEL_010_0040", 1050)

    def again(shown: PanelWindow) -> None:
        ready(helios())(shown)
        shown.presenter.begin("helios_v041.otio")

    def failed(shown: PanelWindow) -> None:
        error = EditError("not OTIO: line 3 column 7", where="helios_v041.otio")
        shown.presenter.failed(shown.presenter.begin("helios_v041.otio"), error)

    def no_match(shown: PanelWindow) -> None:
        ready(helios())(shown)
        shown.search.setText("no such thing")

    def cancelled(shown: PanelWindow) -> None:
        shown.presenter.begin("helios_v041.otio")
        shown.presenter.cancel()

    states = {
        "empty": lambda shown: None,
        "loading": lambda shown: shown.presenter.begin("helios_v041.otio"),
        "waiting": waiting,
        "show": show,
        "what-if": ready(replace(helios(), what_if=True)),
        "covered": ready(covered()),
        "ready": ready(helios()),
        "again": again,
        "offline": ready(down),
        "error": failed,
        "cancelled": cancelled,
        "no-match": no_match,
        "hostile": ready(hostile()),
        "large": ready(large(2000)),
    }
    made = []
    for dark in (False, True):
        if dark:
            app.setPalette(_dark(QtGui))
        for name, act in states.items():
            if dark and name not in ("ready", "waiting", "error"):
                continue
            shown = window()
            shown.show()
            app.processEvents()
            act(shown)
            app.processEvents()
            made.append(folder / f"panel-{name}{'-dark' if dark else ''}.png")
            shown.grab().save(str(made[-1]))
            shown.close()
    return made


def shipped(tell=lambda _step: None) -> Answer:
    """The answer about the shipped show. Judged at its own noon, and shown as if this were now."""
    folder = Path(str(resources.files("clearcut") / "shipped" / "helios"))
    options = CheckOptions(
        edit=folder / "helios_v042.otio", registry=str(folder / "registry.json"), now=NOON, environ={}
    )
    answer = ask(options, tell)
    verdict = replace(answer.verdict, what_if=False)
    return replace(answer, verdict=replace(verdict, edit=verdict.edit._replace(path="cuts/helios_v042.otio")))


def _smaller(picture: Path, copy: Path) -> None:
    """As small as PNG gets without a palette."""
    from qtpy import QtGui

    QtGui.QImage(str(picture)).convertToFormat(QtGui.QImage.Format.Format_RGB888).save(str(copy), "PNG", 0)


def covered():
    """A shot of which another clip covers a part."""
    one = a_use(screen=((0, 300),))
    part = one._replace(use=replace(one.use, occluded=(FrameRange(100, 200),)))
    return a_verdict(a_shot("HEL_020_0100", 0, 300, part), a_shot("HEL_020_0110", 300, 480))


def _dark(gui):
    palette, role = gui.QPalette(), gui.QPalette.ColorRole
    for ground in (role.Window, role.Button, role.Base, role.AlternateBase):
        palette.setColor(ground, gui.QColor("#26282d" if ground == role.AlternateBase else "#1e2127"))
    for ink in (role.WindowText, role.Text, role.ButtonText, role.PlaceholderText):
        palette.setColor(ink, gui.QColor("#eceef2"))
    for ink in (role.Text, role.ButtonText):
        palette.setColor(gui.QPalette.ColorGroup.Disabled, ink, gui.QColor("#767b85"))
    palette.setColor(role.ToolTipBase, gui.QColor("#3b3413"))
    palette.setColor(role.ToolTipText, gui.QColor("#ffe9a8"))
    return palette


def report(folder: Path) -> list[Path]:
    """The HTML report, wide, narrow and dark."""
    if found() is None:
        print("chromium not found: no pictures of the report", file=sys.stderr)
        return []
    page = folder / "report.html"
    page.write_text(FORMATS["html"](helios()), encoding="utf-8")
    made = []
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile,
        Browser(Path(profile)) as browser,
    ):
        for name, width, dark in (("wide", 1400, False), ("narrow", 400, False), ("dark", 1400, True)):
            browser.open(page, width=width, dark=dark)
            made.append(folder / f"report-{name}.png")
            browser.picture(made[-1], whole=True)
        page.with_name("show.html").write_text(FORMATS["html"](shipped().verdict), encoding="utf-8")
        browser.open(page.with_name("show.html"), width=1000, height=780)
        made.append(folder / "report-show.png")
        browser.picture(made[-1])
    return [page, *made]


if __name__ == "__main__":
    out = Path(sys.argv[1] if len(sys.argv) > 1 else "out/pictures")
    out.mkdir(parents=True, exist_ok=True)
    files = [*panel(out), *report(out)]
    for file in files:
        print(file)
    if len(sys.argv) > 2:
        for file, name in ((out / "panel-show.png", "panel.png"), (out / "report-show.png", "report.png")):
            _smaller(file, Path(sys.argv[2]) / name)
