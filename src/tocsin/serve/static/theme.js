"use strict";
// Before the first paint: the theme that the reader chose, else the system's (desk.css).
(() => {
  try {
    const chosen = localStorage.getItem("tocsin-theme");
    if (chosen === "dark" || chosen === "light") document.documentElement.dataset.theme = chosen;
  } catch { /* storage may be forbidden: the system's theme stays */ }
})();
