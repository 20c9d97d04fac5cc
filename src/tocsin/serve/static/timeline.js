"use strict";
// Two charts: incidents a day by status (stacked), killed a day with the band from lowest to highest.
(() => {
  const first = document.getElementById("incidents-chart"), second = document.getElementById("killed-chart");
  if (!first) return;
  const DAY = 86400, TALL = 260;
  let charts = [], counts = [];

  async function start() {
    const answer = await fetch(`/timeline.json?${first.dataset.query}`, { headers: { accept: "application/json" } });
    if (!answer.ok) { first.textContent = `The server answers ${answer.status}.`; return; }
    counts = (await answer.json()).counts;
    build();
  }

  function days() {
    const known = counts.map((one) => Date.parse(one.day) / 1000);
    const least = known.reduce((a, b) => Math.min(a, b)), most = known.reduce((a, b) => Math.max(a, b));
    const list = [];
    for (let day = least; day <= most && list.length < 40000; day += DAY) list.push(day);
    return list;
  }

  function build() {
    for (const one of charts) one.destroy();
    charts = [];
    const list = days(), at = new Map(list.map((day, n) => [day, n]));
    charts.push(stacked(list, at), killed(list, at));
  }

  // ISO days; the year where it begins or changes
  const dates = (u, splits) => splits.map((one, n) => { const day = iso(one); return n && iso(splits[n - 1]).slice(0, 4) === day.slice(0, 4) ? day.slice(5) : `${day.slice(5)}\n${day.slice(0, 4)}`; });
  const colour = (name) => Signs.colours()[name];
  const axes = (name) => [
    { stroke: colour("muted"), grid: { stroke: colour("line"), width: 1 }, ticks: { stroke: colour("line") }, space: 64, incrs: [1, 2, 7, 14, 30, 91, 182, 365].map((n) => n * DAY), values: dates },
    { stroke: colour("muted"), grid: { stroke: colour("line"), width: 1 }, ticks: { stroke: colour("line") }, size: 48, label: name, labelSize: 18, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 50000, 100000] },
  ];
  const common = (box, name, series, more = {}) => ({
    width: Math.max(280, box.clientWidth), height: TALL, tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "UTC"),
    legend: { show: false }, cursor: { y: false, points: { show: false } }, axes: axes(name), series,
    scales: { x: { time: true, range: (u, least, most) => [least - DAY * 0.7, most + DAY * 0.7] }, y: { range: (u, least, most) => [0, Math.max(1, most * 1.08)] } }, ...more,
  });

  function readout(box) {
    const out = document.createElement("p");
    out.className = "readout";
    out.setAttribute("aria-hidden", "true");
    out.textContent = "\u00a0";
    box.replaceChildren(out);
    return out;
  }

  function stacked(list, at) {
    const used = Signs.order.filter((status) => counts.some((one) => one.status === status));
    const rows = used.map((status) => {
      const row = new Array(list.length).fill(0);
      for (const one of counts) if (one.status === status) row[at.get(Date.parse(one.day) / 1000)] += one.incidents;
      return row;
    });
    const sums = [];
    rows.forEach((row, n) => sums.push(n ? row.map((value, k) => value + sums[n - 1][k]) : row));
    const out = readout(first);
    const bars = uPlot.paths.bars({ size: [0.8, 36], align: 0 });
    // the tallest stack is drawn first, so that each status shows the part that it adds
    const series = used.map((status) => ({ label: status, stroke: colour(status), width: 1, paths: bars, points: { show: false }, fill: (u) => Signs.pattern(u.ctx, status) })).reverse();
    const options = common(first, "incidents", [{}, ...series], { hooks: { setCursor: [(u) => {
      const n = u.cursor.idx;
      out.textContent = n == null ? "\u00a0" : `${iso(list[n])}: ` + (used.map((status, k) => rows[k][n] ? `${rows[k][n]} ${status}` : "").filter(Boolean).join(", ") || "nothing");
    }] } });
    return new uPlot(options, [list, ...sums.map((row, k) => row.map((sum, n) => rows[k][n] ? sum : null)).reverse()], first);
  }

  function killed(list, at) {
    const of = (status) => ["killed_low", "killed_best", "killed_high"].map((cell) => {
      const row = new Array(list.length).fill(0);
      for (const one of counts) if (one.status === status) row[at.get(Date.parse(one.day) / 1000)] += one[cell];
      return row;
    });
    const happened = of("happened"), reported = of("reported");
    const out = readout(second);
    const line = (status, cell, dash) => ({ label: `${status} ${cell}`, stroke: cell === "best" ? colour(status) : "transparent", width: cell === "best" ? 2 : 0, dash, points: { show: cell === "best" && list.length < 40, size: 5, stroke: colour(status), fill: colour(status) } });
    const series = [{}, ...["low", "best", "high"].map((cell) => line("happened", cell)), ...["low", "best", "high"].map((cell) => line("reported", cell, [5, 4]))];
    const options = common(second, "killed", series, {
      bands: [{ series: [3, 1], fill: `color-mix(in srgb, ${colour("happened")} 24%, transparent)` }, { series: [6, 4], fill: `color-mix(in srgb, ${colour("reported")} 18%, transparent)` }],
      hooks: { setCursor: [(u) => {
        const n = u.cursor.idx, say = (name, rows) => `${name} ${rows[1][n]} (${rows[0][n]}–${rows[2][n]})`;
        out.textContent = n == null ? "\u00a0" : `${iso(list[n])}: killed in what ${say("happened", happened)}; in what is ${say("reported", reported)}`;
      }] },
    });
    return new uPlot(options, [list, ...happened, ...reported], second);
  }

  const iso = (seconds) => new Date(seconds * 1000).toISOString().slice(0, 10);
  let waiting = 0;
  const rebuild = () => { cancelAnimationFrame(waiting); waiting = requestAnimationFrame(build); };
  document.addEventListener("tocsin:theme", rebuild);
  window.addEventListener("resize", rebuild);
  start();
})();
