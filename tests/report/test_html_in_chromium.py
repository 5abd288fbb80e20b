"""The page in a real browser. Skipped by name where there is no Chromium; CLEARCUT_NEEDS="chromium" makes that a failure."""

import pytest

from clearcut.report.html import format_html
from fakes.chromium import Browser, found
from fakes.needs import needed
from fakes.verdicts import helios, hostile, large

if found() is None and not needed("chromium"):
    pytest.skip("chromium not found: apt-get install chromium", allow_module_level=True)

# For each element that shows text itself, its contrast with what is painted behind it.
CONTRAST = """
(() => {
  const lum = (c) => { const l = c.slice(0, 3).map((v) => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; });
    return .2126 * l[0] + .7152 * l[1] + .0722 * l[2]; };
  const parse = (s) => (s.match(/[\\d.]+/g) || []).map(Number);
  const ground = (e) => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor);
    if (c.length === 3 || c[3] > .99) return c; } return [255, 255, 255]; };
  let worst = [99, ""];
  for (const e of document.querySelectorAll("body *")) {
    if (![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) || ["SCRIPT", "STYLE"].includes(e.tagName)) continue;
    if (!e.checkVisibility || !e.checkVisibility()) continue;
    const style = getComputedStyle(e);
    const ink = e instanceof SVGElement ? style.fill : style.color;
    const [a, b] = [lum(parse(ink)), lum(ground(e))].sort((x, y) => y - x);
    const ratio = (a + .05) / (b + .05);
    if (ratio < worst[0]) worst = [ratio, e.tagName + " " + e.textContent.slice(0, 40)];
  }
  return worst;
})()
"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    for name, verdict in (("helios", helios()), ("hostile", hostile()), ("large", large(2000))):
        (folder / f"{name}.html").write_text(format_html(verdict), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with Browser(tmp_path_factory.mktemp("profile")) as running:
        yield running


@pytest.mark.parametrize("name", ["helios", "hostile", "large"])
def test_the_page_loads_without_a_complaint_and_asks_nobody_for_anything(browser, pages, name):
    page = pages / f"{name}.html"
    browser.open(page)
    assert browser.complaints == []
    assert browser.requests == [page.as_uri()]
    assert "shots" in browser.run("document.querySelector('.shown').textContent")


def test_a_script_that_an_escape_let_through_would_be_stopped_by_the_policy(browser, pages):
    page = pages / "missed.html"
    html = (pages / "helios.html").read_text(encoding="utf-8")
    page.write_text(html.replace("<main>", "<main><script>window.broken=1</script>"), encoding="utf-8")
    browser.open(page)
    assert browser.run("typeof window.broken") == "undefined"
    assert any("Content Security Policy" in told for told in browser.complaints)
    unguarded = html.replace("Content-Security-Policy", "x-nothing").replace(
        "<main>", "<main><script>window.broken=1</script>"
    )
    page.write_text(unguarded, encoding="utf-8")
    browser.open(page)
    assert browser.run("window.broken") == 1, "without the policy it runs: the policy is what stops it"


def test_a_click_on_a_block_of_the_strip_opens_its_shot(browser, pages):
    browser.open(pages / "helios.html")
    assert browser.run("document.querySelector('#s3').open") is False
    browser.click(".strip a[href='#s3'] rect")
    browser.wait_for("document.querySelector('#s3').open")
    assert browser.run("document.activeElement.textContent").startswith("HEL_020_0130")


def test_a_click_on_a_block_brings_back_a_shot_that_a_filter_hid(browser, pages):
    browser.open(pages / "helios.html")
    browser.click(".chips .b")
    assert browser.run("document.querySelector('#s3').checkVisibility()") is False
    browser.click(".strip a[href='#s3'] rect")
    browser.wait_for("document.querySelector('#s3').checkVisibility()")


def test_search_and_chips_filter_and_say_how_many_are_left(browser, pages):
    browser.open(pages / "helios.html")
    search = "(t)=>{const i=document.querySelector('input');i.value=t;i.dispatchEvent(new Event('input'));return document.querySelector('.shown').textContent}"
    assert browser.run(f"({search})('mandate p2')") == "1 of 8 shots"
    assert browser.run(f"({search})('no such thing')") == "0 of 8 shots"
    assert browser.run("document.querySelector('.none').checkVisibility()") is True
    browser.click(".clear")
    assert browser.run("document.querySelector('.shown').textContent") == "8 shots"
    browser.click(".chips .b")
    assert browser.run("document.querySelector('.shown').textContent") == "5 of 8 shots"


def test_a_keystroke_in_a_list_of_two_thousand_shots_does_not_stand_still(browser, pages):
    browser.open(pages / "large.html")
    took = browser.run(
        "(()=>{const i=document.querySelector('input');i.value='hel_01';const t=performance.now();"
        "i.dispatchEvent(new Event('input'));document.body.offsetHeight;return performance.now()-t})()"
    )
    assert took < 5000  # it took 0.03 to 0.12 s: only a blow-up is caught here


def test_zooming_widens_the_strip_and_fit_brings_it_back(browser, pages):
    browser.open(pages / "large.html")
    width = "document.querySelector('.strip svg').getBoundingClientRect().width"
    fitted = browser.run(width)
    browser.click(".zoom [data-zoom='2']")
    assert browser.run(width) == pytest.approx(2 * fitted, abs=2)
    browser.click(".zoom [data-zoom='0']")
    assert browser.run(width) == pytest.approx(fitted, abs=2)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [400, 1280, 2000])
@pytest.mark.parametrize("name", ["helios", "hostile"])
def test_the_page_is_readable_at_any_width_in_light_and_dark(browser, pages, name, width, dark):
    browser.open(pages / f"{name}.html", width=width, dark=dark)
    browser.run("document.querySelectorAll('details').forEach(d=>d.open=true)")
    assert browser.run("document.documentElement.scrollWidth") <= width, "nothing may scroll sideways"
    ratio, where = browser.run(CONTRAST)
    assert ratio >= 4.5, where


def test_the_printed_page_opens_what_is_not_cleared(browser, pages, tmp_path):
    browser.open(pages / "helios.html")
    browser.run("dispatchEvent(new Event('beforeprint'))")
    assert browser.run("document.querySelectorAll('.b details[open],.u details[open]').length") == 4
    browser.printed(tmp_path / "page.pdf")
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")


def test_a_filtered_page_prints_how_many_shots_it_leaves_out(browser, pages):
    browser.open(pages / "helios.html")
    browser.click(".chips .b")
    browser.run("dispatchEvent(new Event('beforeprint'))")
    browser._call("Emulation.setEmulatedMedia", media="print")
    try:
        assert browser.run("document.querySelector('.shown').checkVisibility()") is True
        assert browser.run("document.querySelector('.shown').textContent") == "5 of 8 shots"
        assert browser.run("document.querySelector('input').checkVisibility()") is False
    finally:
        browser._call("Emulation.setEmulatedMedia", media="")
