"use strict";
// The map: one mark for each place, its incidents behind it. A place that is known only roughly is an area, never a bare pin.
(() => {
  const box = document.getElementById("map");
  const message = document.getElementById("mapmessage");
  const slider = document.getElementById("slider");
  const form = document.getElementById("filters");
  const from = document.getElementById("from"), to = document.getElementById("to");
  const DAY = 86400000, MOST_LISTED = 12, MOST_FANNED = 60, FANNED_FROM = 9;
  const state = { points: [], days: [], first: 0, cut: false, chosen: new URLSearchParams(location.search) };

  // Leaflet's own marks are styled circles; ours draw a sign, or an area with a sign in its middle.
  const Mark = L.CircleMarker.extend({
    _project() {
      this._radius = this.options.radiusKm ? Math.max(9, pixels(this.options.radiusKm, this._latlng.lat)) : this.options.size;
      L.CircleMarker.prototype._project.call(this);
    },
    _updatePath() {
      const ctx = this._renderer._ctx;
      if (!this._renderer._drawing || this._empty()) return;
      const { x, y } = this._point, { signs, radiusKm } = this.options;
      if (radiusKm) area(ctx, x, y, this._radius, signs[0].status);
      for (const one of signs) {
        Signs.draw(ctx, one.status, x + one.shift, y, one.size);
        if (one.count > 1 || one.others) label(ctx, `${one.count}${one.others ? "+" : ""}`, x + one.shift + one.size + 3, y, "left");
      }
    },
    _updateBounds() {
      const wide = Math.max(this._radius, ...this.options.signs.map((one) => Math.abs(one.shift) + one.size + 30)) + 4;
      const reach = L.point(wide, Math.max(this._radius, 18) + 4);
      this._pxBounds = L.bounds(this._point.subtract(reach), this._point.add(reach));
    },
    _containsPoint(point) {
      const over = this.options.signs.some((one) => Math.hypot(point.x - this._point.x - one.shift, point.y - this._point.y) <= one.size + 5);
      if (over || !this.options.radiusKm) return over;
      const away = point.distanceTo(this._point), r = this._radius;
      return r > 40 ? Math.abs(away - r) < 5 : away <= r; // the inside of a large area belongs to what lies there
    },
  });

  // A country's name in its middle, where there is room for it.
  const Name = L.CircleMarker.extend({
    _updateBounds() { const reach = L.point(90, 10); this._pxBounds = L.bounds(this._point.subtract(reach), this._point.add(reach)); },
    _updatePath() {
      const { words, span } = this.options;
      const room = span / 360 * 256 * 2 ** map.getZoom();
      if (!this._renderer._drawing || words.length * 6.5 > room || room > 2600) return;
      label(this._renderer._ctx, words, this._point.x, this._point.y, "center", true);
    },
    _containsPoint: () => false,
  });

  function area(ctx, x, y, r, status) {
    const colour = Signs.colours()[status];
    ctx.save();
    ctx.beginPath(); ctx.arc(x, y, r, 0, 2 * Math.PI);
    ctx.globalAlpha = r > 200 ? 0.04 : 0.1; ctx.fillStyle = colour; ctx.fill();
    ctx.globalAlpha = r > 200 ? 0.45 : 0.8; ctx.strokeStyle = colour; ctx.lineWidth = 1.2; ctx.setLineDash([2, 4]); ctx.stroke();
    ctx.restore();
  }

  function label(ctx, words, x, y, align, faint = false) {
    ctx.save();
    ctx.font = `${faint ? 400 : 600} 11px system-ui, sans-serif`; ctx.textBaseline = "middle"; ctx.textAlign = align; ctx.lineWidth = 3;
    ctx.strokeStyle = faint ? Signs.colours().land : Signs.colours().paper; ctx.strokeText(words, x, y);
    ctx.fillStyle = faint ? Signs.colours().muted : Signs.colours().ink; ctx.fillText(words, x, y);
    ctx.restore();
  }

  const renderer = L.canvas({ padding: 0.3 });
  const map = L.map(box, { renderer, preferCanvas: true, worldCopyJump: true, minZoom: 2, maxZoom: 12, zoomSnap: 0.5, maxBounds: [[-88, -540], [88, 540]] });
  map.attributionControl.setPrefix(false).addAttribution("Natural Earth");
  map.createPane("land").style.zIndex = 200;
  const land = L.canvas({ pane: "land", padding: 0.3 });
  const marks = L.layerGroup().addTo(map);
  const pixels = (km, lat) => km * 1000 / (40075016.686 * Math.cos(lat * Math.PI / 180) / 2 ** (map.getZoom() + 8));
  let outlines = null, provinces = null, asked = false;

  const place = /^#(\d+(?:\.\d+)?)\/(-?\d+(?:\.\d+)?)\/(-?\d+(?:\.\d+)?)$/.exec(location.hash);
  map.setView(place ? [+place[2], +place[3]] : [25, 35], place ? +place[1] : 3);
  map.on("moveend", () => { const c = map.getCenter(); address(`#${map.getZoom()}/${c.lat.toFixed(3)}/${c.lng.toFixed(3)}`); });

  function address(hash = location.hash) {
    const query = state.chosen.toString();
    history.replaceState(null, "", location.pathname + (query ? `?${query}` : "") + hash);
  }

  const landStyle = () => ({ color: Signs.colours().coast, weight: 0.8, fillColor: Signs.colours().land, fillOpacity: 1, interactive: false });
  const provinceStyle = () => ({ color: Signs.colours().coast, weight: 0.5, opacity: 0.7, dashArray: "2 3", fill: false, interactive: false });

  async function json(path) {
    const answer = await fetch(path, { headers: { accept: "application/json" } });
    if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).detail || `The server answers ${answer.status}.`);
    return answer.json();
  }

  async function drawLand() {
    const world = await json("/basemap/countries-50m.json");
    outlines = L.geoJSON(topojson.feature(world, world.objects.countries), { style: landStyle, renderer: land, interactive: false }).addTo(map);
    names(world.objects.countries, world);
    map.on("zoomend", drawProvinces);
    drawProvinces();
  }

  function names(countries, world) {
    for (const one of countries.geometries) {
      const box = largest(topojson.feature(world, one));
      if (!box || !one.properties?.name) continue;
      new Name([(box.south + box.north) / 2, (box.west + box.east) / 2], { renderer: land, pane: "land", interactive: false, radius: 1, words: one.properties.name, span: box.east - box.west }).addTo(map);
    }
  }

  /** The box around the largest of a country's parts: where its name belongs. */
  function largest(feature) {
    const polygons = feature.geometry?.type === "Polygon" ? [feature.geometry.coordinates] : feature.geometry?.coordinates || [];
    let best = null, most = 0;
    for (const [ring] of polygons) {
      const lons = ring.map((one) => one[0]), lats = ring.map((one) => one[1]);
      const box = { west: Math.min(...lons), east: Math.max(...lons), south: Math.min(...lats), north: Math.max(...lats) };
      const size = (box.east - box.west) * (box.north - box.south);
      if (size > most) { most = size; best = box; }
    }
    return best;
  }

  async function drawProvinces() {
    const name = box.dataset.provinces;
    if (!name || map.getZoom() < 5) { if (provinces) map.removeLayer(provinces); return; }
    if (provinces) { if (!map.hasLayer(provinces)) provinces.addTo(map); return; }
    if (asked) return;
    asked = true;
    const world = await json(`/basemap/${name}`);
    const object = Object.values(world.objects)[0];
    provinces = L.geoJSON(topojson.feature(world, object), { style: provinceStyle, renderer: land, interactive: false });
    if (map.getZoom() >= 5) provinces.addTo(map);
    box.dataset.drawn = "provinces";
  }

  map.on("zoomend", () => { if (state.points.length && !state.roomy !== !(map.getZoom() >= FANNED_FROM || marks.getLayers().length <= MOST_FANNED)) draw(); });
  document.addEventListener("tocsin:theme", () => { outlines?.setStyle(landStyle()); provinces?.setStyle(provinceStyle()); draw(); });

  async function load(fit) {
    message.hidden = false; message.textContent = "Loading the incidents …"; message.className = "mapmessage";
    try {
      const query = new URLSearchParams(state.chosen);
      query.delete("from"); query.delete("to");
      const answer = await json(`/map.json?${query}`);
      state.points = answer.points; state.cut = answer.cut;
      message.hidden = state.points.length > 0;
      message.textContent = "No incident of this filter has a place on the map.";
      days();
      map.invalidateSize({ pan: false }); // the slider has taken its room
      draw();
      if (fit && state.points.length && !place) map.fitBounds(L.latLngBounds(state.points.map((one) => [one.lat, one.lon])).pad(0.15), { maxZoom: 7, animate: false });
    } catch (problem) {
      message.hidden = false; message.className = "mapmessage bad"; message.textContent = problem.message;
    }
  }

  const number = (day) => Math.round(Date.parse(day) / DAY);
  const dayOf = (n) => new Date((state.first + n) * DAY).toISOString().slice(0, 10);

  function days() {
    const known = state.points.filter((one) => one.day_from).flatMap((one) => [number(one.day_from), number(one.day_to || one.day_from)]).filter(Number.isFinite);
    slider.hidden = known.length === 0;
    if (!known.length) return;
    let last = -Infinity; state.first = Infinity;
    for (const one of known) { if (one < state.first) state.first = one; if (one > last) last = one; }
    const most = last - state.first;
    const kept = (name, otherwise) => { const day = state.chosen.get(name); return day ? Math.min(most, Math.max(0, number(day) - state.first)) : otherwise; };
    from.max = to.max = most;
    from.value = kept("from", 0); to.value = kept("to", most);
  }

  function chosen() {
    if (slider.hidden) return state.points;
    const least = state.first + +from.value, most = state.first + +to.value;
    const whole = +from.value === 0 && +to.value === +to.max;
    return whole ? state.points : state.points.filter((one) => one.day_from && number(one.day_from) <= most && number(one.day_to || one.day_from) >= least);
  }

  function draw() {
    const shown = chosen();
    const places = new Map();
    for (const one of shown) {
      const rough = one.precision !== "exact";
      const key = `${one.lat.toFixed(3)} ${one.lon.toFixed(3)} ${rough ? one.radius_km || 25 : ""}`;
      const found = places.get(key);
      if (found) found.push(one); else places.set(key, [one]);
    }
    marks.clearLayers();
    state.roomy = places.size <= MOST_FANNED || map.getZoom() >= FANNED_FROM;
    const drawn = [...places.values()].map(mark);
    drawn.sort((a, b) => (b.options.radiusKm || 0) - (a.options.radiusKm || 0) || a.options.incidents - b.options.incidents);
    for (const one of drawn) marks.addLayer(one);
    tell(shown);
  }

  // Statuses at one place stand side by side, the strongest first, not on top of each other.
  function mark(group) {
    const one = group[0], rough = one.precision !== "exact", counts = new Map();
    for (const incident of group) counts.set(incident.status, (counts.get(incident.status) || 0) + 1);
    const signs = Signs.order.filter((status) => counts.has(status)).map((status) => {
      const count = counts.get(status);
      return { status, count, size: Math.min(13, 5 + 1.4 * Math.log2(count)) };
    });
    if (!state.roomy) { // side by side they would lie over other places: the strongest alone, `+` where there are others
      const [strongest] = signs;
      signs.splice(1);
      Object.assign(strongest, { size: Math.min(8, 4 + 0.8 * Math.log2(strongest.count)), others: counts.size > 1 });
    }
    let right = 0;
    for (const sign of signs) { sign.shift = right + sign.size; right += 2 * sign.size + (sign.count > 1 ? 8 + 6 * String(sign.count).length : 4); }
    const first = signs[0].size; // the strongest stands on the place itself
    for (const sign of signs) sign.shift -= first;
    const made = new Mark([one.lat, one.lon], { renderer, signs, incidents: group.length, radiusKm: rough ? one.radius_km || 25 : 0, size: 10 });
    made.bindPopup(() => popup(group), { maxWidth: 340, minWidth: 240 });
    return made;
  }

  function popup(group) {
    const out = document.createElement("div"), one = group[0];
    out.className = "popup";
    const head = document.createElement("p");
    head.className = "muted";
    head.textContent = `${group.length} ${group.length === 1 ? "incident" : "incidents"}` + (one.precision === "exact" ? "" : `; place known to ${one.precision}, within ${Math.round(one.radius_km || 25)} km`);
    const list = document.createElement("ul");
    for (const incident of group.slice(0, MOST_LISTED)) {
      const item = document.createElement("li"), link = document.createElement("a"), day = document.createElement("span");
      link.href = `/incidents/${encodeURIComponent(incident.id)}`;
      link.textContent = incident.title || incident.kind;
      day.className = "day";
      day.textContent = `${incident.status} · ${incident.day_from || "day unknown"}${incident.killed ? ` · killed ${incident.killed}` : ""} `;
      item.append(day, link);
      if (incident.edited) {
        const edited = document.createElement("span");
        edited.className = "day edited";
        edited.textContent = `edited: ${incident.edited}`;
        item.append(edited);
      }
      list.append(item);
    }
    out.append(head, list);
    if (group.length > MOST_LISTED) {
      const more = document.createElement("a"), query = new URLSearchParams(state.chosen);
      query.delete("from"); query.delete("to");
      query.set("bbox", [one.lon - 0.001, one.lat - 0.001, one.lon + 0.001, one.lat + 0.001].map((n) => n.toFixed(4)).join(","));
      more.href = `/incidents?${query}`;
      more.textContent = `all ${group.length} as a table`;
      out.append(more);
    }
    return out;
  }

  function tell(shown) {
    const happened = shown.filter((one) => one.status === "happened").length;
    document.getElementById("counted").textContent = `${shown.length.toLocaleString("en")} incidents on the map, ${happened.toLocaleString("en")} of them happened${state.cut ? "; only the newest are drawn: narrow the filter" : ""}.`;
    if (slider.hidden) return;
    document.getElementById("from-day").textContent = dayOf(+from.value);
    document.getElementById("to-day").textContent = dayOf(+to.value);
    histogram();
  }

  function histogram() {
    const canvas = document.getElementById("histogram"), wide = canvas.clientWidth || 600, ratio = devicePixelRatio || 1;
    canvas.width = wide * ratio; canvas.height = 36 * ratio;
    const ctx = canvas.getContext("2d");
    ctx.scale(ratio, ratio);
    const span = +to.max + 1, bins = Math.min(span, Math.floor(wide / 4)), counts = new Array(bins).fill(0);
    const bin = (n) => Math.min(bins - 1, Math.floor(n * bins / span));
    for (const one of state.points) if (one.day_from) counts[Math.max(0, bin(number(one.day_from) - state.first))] += 1;
    const most = Math.max(1, ...counts), width = wide / bins;
    counts.forEach((count, n) => {
      const inside = n >= bin(+from.value) && n <= bin(+to.value), tall = count ? Math.max(2, 34 * count / most) : 0;
      ctx.fillStyle = inside ? Signs.colours().accent : Signs.colours().line;
      ctx.fillRect(n * width + 0.5, 36 - tall, Math.max(1, width - 1), tall);
    });
  }

  for (const [name, field] of [["from", from], ["to", to]]) {
    field.addEventListener("input", () => {
      if (+from.value > +to.value) (field === from ? to : from).value = field.value;
      for (const [key, one, edge] of [["from", from, 0], ["to", to, +to.max]]) {
        if (+one.value === edge) state.chosen.delete(key); else state.chosen.set(key, dayOf(+one.value));
      }
      field.setAttribute("aria-valuetext", dayOf(+field.value));
      address();
      draw();
    });
    field.setAttribute("aria-valuetext", name);
  }

  function filtered() {
    const given = new URLSearchParams();
    for (const [key, value] of new FormData(form)) if (value) given.append(key, value);
    state.chosen = given;
    address();
    load(false);
  }
  form.addEventListener("change", filtered);
  form.addEventListener("submit", (event) => { event.preventDefault(); filtered(); });
  new ResizeObserver(() => map.invalidateSize({ pan: false })).observe(box);
  window.addEventListener("resize", () => { if (!slider.hidden) histogram(); });

  drawLand().catch((problem) => { message.hidden = false; message.textContent = `The outlines did not load: ${problem.message}`; });
  load(true);
})();
