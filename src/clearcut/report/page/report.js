(() => {
  "use strict";
  const all = (selector, root) => [...(root || document).querySelectorAll(selector)];
  const one = (selector) => document.querySelector(selector);
  const rows = all(".list details");
  const groups = all(".list>section");
  const chips = all(".chips button");
  const search = one("input");
  const shown = one(".shown");
  const none = one(".none");
  const text = rows.map((row) => row.textContent.toLowerCase());

  function filter() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const off = new Set(chips.filter((chip) => chip.getAttribute("aria-pressed") === "false").map((chip) => chip.dataset.for));
    let left = 0;
    const perGroup = new Map(groups.map((group) => [group, 0]));
    rows.forEach((row, index) => {
      const group = row.parentElement;
      const seen = !off.has(group.className) && words.every((word) => text[index].includes(word));
      row.hidden = !seen;
      if (seen) {
        left += 1;
        perGroup.set(group, perGroup.get(group) + 1);
      }
    });
    for (const [group, number] of perGroup) group.hidden = !number;
    none.hidden = left > 0 || !rows.length;
    shown.textContent = left === rows.length ? `${left} shots` : `${left} of ${rows.length} shots`;
  }

  function showAll() {
    search.value = "";
    for (const chip of chips) chip.setAttribute("aria-pressed", "true");
    filter();
  }

  function select() {
    const row = document.getElementById(location.hash.slice(1));
    if (!row || row.tagName !== "DETAILS") return;
    if (row.hidden) showAll();
    for (const old of all(".on")) old.classList.remove("on");
    row.open = true;
    row.classList.add("on");
    for (const link of all(`.strip a[href="#${row.id}"]`)) link.classList.add("on");
    row.scrollIntoView({ block: "center" });
    row.firstElementChild.focus({ preventScroll: true });
  }

  for (const chip of chips) {
    chip.addEventListener("click", () => {
      chip.setAttribute("aria-pressed", String(chip.getAttribute("aria-pressed") === "false"));
      filter();
    });
  }
  search.addEventListener("input", filter);
  one(".clear").addEventListener("click", showAll);
  addEventListener("hashchange", select);
  addEventListener("keydown", (event) => {
    if (event.key === "/" && document.activeElement !== search) {
      event.preventDefault();
      search.focus();
    } else if (event.key === "Escape" && document.activeElement === search) {
      showAll();
    }
  });
  const opener = one(".all");
  opener.addEventListener("click", () => {
    const open = opener.textContent === "Open all";
    for (const row of rows) if (!row.hidden) row.open = open;
    opener.textContent = open ? "Close all" : "Open all";
  });
  addEventListener("beforeprint", () => {
    for (const row of all(".b details,.u details,.d details")) row.open = true;
  });

  // The strip: the list is how a keyboard reaches a shot, so 2,000 blocks are no tab stops.
  const strip = one(".strip svg");
  if (strip) {
    for (const link of all("a", strip)) link.setAttribute("tabindex", "-1");
    strip.addEventListener("click", (event) => {
      const link = event.target.closest("a");
      if (link && link.getAttribute("href") === location.hash) select();
    });
    strip.addEventListener("pointerover", (event) => {
      const link = event.target.closest("a");
      if (!link || link.querySelector("title")) return;
      const row = document.getElementById(link.getAttribute("href").slice(1));
      const title = document.createElementNS("http://www.w3.org/2000/svg", "title");
      title.textContent = [...row.firstElementChild.children].slice(0, 3).map((cell) => cell.textContent).join(" - ");
      link.append(title);
    });
    let zoom = 1;
    for (const button of all(".zoom button")) {
      button.addEventListener("click", () => {
        const scroll = strip.parentElement;
        const middle = (scroll.scrollLeft + scroll.clientWidth / 2) / scroll.scrollWidth;
        const factor = Number(button.dataset.zoom);
        zoom = factor ? Math.min(Math.max(zoom * factor, 1), 256) : 1;
        strip.style.width = `${zoom * 100}%`;
        scroll.scrollLeft = middle * scroll.scrollWidth - scroll.clientWidth / 2;
      });
    }
    one(".zoom").hidden = false;
  }
  one(".tools").hidden = false;
  filter();
  if (location.hash) select();
})();
