"use strict";
// The inbox by keyboard. Every act presses a button that is on the page: without JavaScript the same forms work.
(() => {
  const list = document.getElementById("inbox"), panel = document.getElementById("panel"), help = document.getElementById("help");
  const waiting = document.getElementById("waiting");
  let current = list.querySelector(".row.open");
  const rows = () => [...list.querySelectorAll("li.row")];
  const openRows = () => rows().filter((one) => !one.classList.contains("done"));

  function select(row, focus = true) {
    if (!row) return;
    for (const one of rows()) one.classList.toggle("open", one === row);
    current = row;
    const link = row.querySelector("a.go");
    if (focus) (link || row).focus();
    row.scrollIntoView({ block: "nearest" });
    link?.click();
  }

  function step(by) {
    const all = openRows();
    if (!all.length) return;
    const n = all.indexOf(current);
    const from = n < 0 ? (by > 0 ? -1 : all.length) : n;
    select(all[Math.min(all.length - 1, Math.max(0, from + by))]);
  }

  function decide(value) {
    current?.querySelector(`button[name=action][value=${value}]`)?.click();
  }

  // The panel of a row that was just chosen may still be on its way: what stands there then is another incident, not to be changed.
  const shown = () => !current || panel.querySelector("article")?.dataset.id === current.dataset.id;

  function open(act) {
    if (!shown()) return;
    const details = panel.querySelector(`details[data-act=${act}]`);
    if (!details) return;
    details.open = true;
    details.querySelector("select, input:not([type=hidden])")?.focus();
  }

  const keys = {
    j: () => step(1), k: () => step(-1), a: () => decide("accept"), r: () => decide("reject"), e: () => open("edit"), p: () => open("place"), m: () => open("merge"),
    s: () => shown() && panel.querySelector(".claims input[type=checkbox]")?.focus(),
    u: () => { const done = list.querySelectorAll(".done button"); done[done.length - 1]?.click(); },
    o: () => { const link = panel.querySelector("h1 a"); if (link && shown()) location.href = link.href; },
    n: () => document.getElementById("more")?.click(),
    "?": () => help.showModal(),
  };

  // The list of what it may be merged with comes when asked for: go to it when it is there.
  document.addEventListener("htmx:after:swap", () => {
    const details = panel.querySelector("details[data-act=merge][open]");
    if (details && (document.activeElement === document.body || details.contains(document.activeElement))) details.querySelector("select")?.focus();
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
    const field = event.target.closest?.("input:not([type=checkbox]), select, textarea");
    if (event.key === "Escape" && (field || panel.contains(event.target))) { current?.querySelector("a.go")?.focus(); return; }
    if (field || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });

  document.getElementById("keys").addEventListener("click", () => help.showModal());

  // A click on a row's link loads its panel (htmx); mark the row as the one looked at.
  list.addEventListener("click", (event) => {
    const row = event.target.closest("li.row");
    if (row && event.target.closest("a.go")) { for (const one of rows()) one.classList.toggle("open", one === row); current = row; }
  });

  // A row that was judged is replaced by a line with an undo; go on to the next one that waits.
  new MutationObserver((changes) => {
    for (const change of changes) {
      for (const node of change.addedNodes) {
        if (!node.classList?.contains("done") || !node.querySelector("form")) continue;
        let next = node.nextElementSibling;
        while (next && next.classList.contains("done")) next = next.nextElementSibling;
        const left = openRows().length;
        if (waiting) waiting.textContent = Math.max(left, Number(waiting.textContent.replaceAll(",", "")) - 1).toLocaleString("en");
        if (next) select(next);
        else if (openRows().length) select(openRows().at(-1));
        else { panel.replaceChildren(); const said = document.createElement("p"); said.className = "empty"; said.textContent = "The list is done."; panel.append(said); node.focus(); }
      }
    }
  }).observe(list, { childList: true });
})();
