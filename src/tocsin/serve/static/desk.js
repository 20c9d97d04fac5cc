"use strict";
// What every page has: the theme's switch, and filters that fold away on narrow screens.
(() => {
  const root = document.documentElement;
  const dark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const changed = () => document.dispatchEvent(new CustomEvent("tocsin:theme"));
  document.getElementById("theme")?.addEventListener("click", () => {
    root.dataset.theme = dark() ? "light" : "dark";
    try { localStorage.setItem("tocsin-theme", root.dataset.theme); } catch { /* for this page only, then */ }
    changed();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
  const side = document.getElementById("side");
  if (side && matchMedia("(max-width: 60rem)").matches) side.open = false;
  // On narrow screens a table of rows is read as cards (desk.css): each cell carries its column's name, and the roles that display: block takes.
  for (const table of document.querySelectorAll("table.rows")) {
    const names = [...table.querySelectorAll("thead th")].map((one) => one.textContent.trim());
    table.classList.add("stack");
    table.setAttribute("role", "table");
    for (const part of table.tBodies) part.setAttribute("role", "rowgroup");
    for (const row of table.querySelectorAll("tbody tr")) {
      row.setAttribute("role", "row");
      [...row.cells].forEach((cell, n) => {
        cell.setAttribute("role", "cell");
        if (names[n]) cell.dataset.name = names[n];
        if (!cell.textContent.trim() && !cell.querySelector("input, button, select")) cell.classList.add("bare");
      });
    }
  }
  // An address with an empty value for every unused field is no permalink: leave unused fields out.
  for (const form of document.querySelectorAll("form[method=get]")) {
    form.addEventListener("submit", () => {
      for (const field of form.elements) if (field.name && !field.value) field.disabled = true;
    });
  }
  window.addEventListener("pageshow", () => {
    for (const field of document.querySelectorAll("form[method=get] :disabled")) field.disabled = false;
  });
})();
