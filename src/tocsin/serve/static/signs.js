"use strict";
// The signs of the statuses on a canvas, the same shapes as in _signs.html: shape tells a status without colour.
const Signs = (() => {
  const order = ["happened", "reported", "contested", "alleged", "denied", "not-happened", "threatened", "planned", "possible", "background"];
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  let kept = null;
  const colours = () => kept ??= Object.fromEntries([...order.map((one) => [one, css(`--c-${one}`)]),
    ["ink", css("--ink")], ["paper", css("--paper")], ["land", css("--land")], ["sea", css("--sea")], ["coast", css("--coast")], ["accent", css("--accent")], ["muted", css("--muted")], ["line", css("--line")]]);
  document.addEventListener("tocsin:theme", () => { kept = null; });

  function shape(ctx, status, x, y, r) {
    ctx.beginPath();
    if (status === "threatened") {
      ctx.moveTo(x, y - r); ctx.lineTo(x + r, y + r * 0.85); ctx.lineTo(x - r, y + r * 0.85); ctx.closePath();
    } else if (status === "planned") ctx.rect(x - r * 0.85, y - r * 0.85, r * 1.7, r * 1.7);
    else if (status === "possible") { ctx.moveTo(x, y - r); ctx.lineTo(x + r, y); ctx.lineTo(x, y + r); ctx.lineTo(x - r, y); ctx.closePath(); }
    else ctx.arc(x, y, status === "background" ? r * 0.7 : r, 0, 2 * Math.PI);
  }

  /** Draws the sign of a status with its centre at x, y. A halo of the paper's colour keeps neighbours apart. */
  function draw(ctx, status, x, y, r) {
    const colour = colours()[status] || colours().ink;
    ctx.save();
    ctx.lineWidth = Math.max(1.6, r / 3.5);
    ctx.strokeStyle = ctx.fillStyle = colour;
    shape(ctx, status, x, y, r + 1.2); ctx.save(); ctx.fillStyle = colours().paper; ctx.globalAlpha = 0.92; ctx.fill(); ctx.restore();
    shape(ctx, status, x, y, r);
    if (status === "happened" || status === "background") ctx.fill();
    else {
      if (status === "alleged") ctx.setLineDash([r * 0.6, r * 0.45]);
      if (status === "possible") ctx.setLineDash([r * 0.5, r * 0.35]);
      if (status === "not-happened") { ctx.beginPath(); ctx.moveTo(x - r, y - r); ctx.lineTo(x + r, y + r); ctx.moveTo(x + r, y - r); ctx.lineTo(x - r, y + r); }
      ctx.stroke();
      ctx.setLineDash([]);
      if (status === "reported") { ctx.beginPath(); ctx.arc(x, y, r * 0.45, 0, 2 * Math.PI); ctx.fill(); }
      if (status === "contested") { ctx.beginPath(); ctx.arc(x, y, r, Math.PI / 2, 1.5 * Math.PI); ctx.fill(); }
      if (status === "denied") { ctx.beginPath(); ctx.moveTo(x - r * 0.7, y); ctx.lineTo(x + r * 0.7, y); ctx.stroke(); }
    }
    ctx.restore();
  }

  /** A canvas fill for bars: solid, hatched, dotted or bare, as the signs are. */
  function pattern(ctx, status) {
    const colour = colours()[status];
    if (status === "happened" || status === "background") return colour;
    const tile = document.createElement("canvas");
    tile.width = tile.height = 8;
    const pen = tile.getContext("2d");
    pen.fillStyle = colours().paper; pen.fillRect(0, 0, 8, 8);
    pen.strokeStyle = pen.fillStyle = colour;
    pen.lineWidth = 2;
    if (status === "reported") { pen.globalAlpha = 0.55; pen.fillRect(0, 0, 8, 8); }
    else if (status === "contested") pen.fillRect(0, 0, 4, 8);
    else if (status === "alleged") { for (const d of [-8, 0, 8]) { pen.moveTo(d, 8); pen.lineTo(d + 8, 0); } pen.stroke(); }
    else if (status === "denied" || status === "not-happened") pen.fillRect(0, 3, 8, 2);
    else { pen.beginPath(); pen.arc(4, 4, 1.4, 0, 2 * Math.PI); pen.fill(); }
    return ctx.createPattern(tile, "repeat");
  }

  return { order, draw, pattern, colours };
})();
