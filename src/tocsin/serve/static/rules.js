"use strict";
// Draws a zone: a click adds a point, a double click or the button closes the ring, and the field holds it as GeoJSON.
(() => {
  // Only the fields that the chosen sort of rule reads are shown; without JavaScript all are.
  const kind = document.getElementById("rulekind");
  function fitting() {
    for (const part of document.querySelectorAll("#newrule [data-for]")) part.hidden = !part.dataset.for.split(" ").includes(kind.value);
    document.dispatchEvent(new CustomEvent("tocsin:rulekind"));
  }
  kind?.addEventListener("change", fitting);
  if (kind) fitting();

  const field = document.getElementById("polygon"), said = document.getElementById("drawn");
  if (!field) return;
  document.getElementById("drawing").hidden = false;
  const map = L.map("zonemap", { doubleClickZoom: false, minZoom: 2, maxZoom: 12, preferCanvas: true }).setView([25, 35], 3);
  map.attributionControl.setPrefix(false).addAttribution("Natural Earth");
  const known = L.layerGroup().addTo(map), shape = L.layerGroup().addTo(map);
  document.addEventListener("tocsin:rulekind", () => map.invalidateSize({ pan: false }));
  let points = [], closed = false, turn = 0;

  function draw() {
    shape.clearLayers();
    const ring = points.map(([lon, lat]) => [lat, lon - turn]), colour = Signs.colours().happened;
    (closed ? L.polygon : L.polyline)(ring, { color: colour, weight: 2, interactive: false }).addTo(shape);
    for (const one of ring) L.circleMarker(one, { radius: 4, color: colour, interactive: false }).addTo(shape);
    said.textContent = `${points.length} points${closed ? ", closed" : ""}`;
  }

  function write() {
    field.value = closed ? JSON.stringify({ type: "Polygon", coordinates: [[...points, points[0]]] }) : "";
    draw();
  }

  function add(latlng) {
    // Longitudes run on over the date line, so that a zone is drawn, and meant, across it; the first point lies within 180 degrees.
    if (!points.length) turn = latlng.wrap().lng - latlng.lng;
    const { lat } = latlng, lng = latlng.lng + turn, last = points.at(-1);
    const one = [+lng.toFixed(5), +Math.max(-90, Math.min(90, lat)).toFixed(5)];
    if (closed || (last && last[0] === one[0] && last[1] === one[1])) return; // a double click is two clicks first
    points.push(one);
    write();
  }

  function close() {
    if (points.length < 3) { said.textContent = "A polygon has at least three points."; return; }
    closed = true;
    write();
  }

  function undo() {
    if (closed) closed = false; else points.pop();
    write();
  }

  /** The zones that there are, and the latest incidents: so that one draws where the ledger's news is. */
  async function surroundings() {
    const [rules, incidents] = await Promise.all(["/rules.json", "/incidents.json?limit=50"].map((path) => fetch(path).then((answer) => answer.json())));
    const seen = L.latLngBounds([]);
    for (const rule of rules.rules.filter((one) => one.polygon)) {
      const zone = L.geoJSON(rule.polygon, { style: { color: Signs.colours().accent, weight: 1.5, dashArray: "5 4", fillOpacity: 0.08 }, interactive: false }).addTo(known);
      seen.extend(zone.getBounds());
    }
    if (!seen.isValid()) for (const { place } of incidents.rows) if (place?.lat != null && place.precision !== "country") seen.extend([place.lat, place.lon]);
    if (seen.isValid() && !points.length) map.fitBounds(seen.pad(0.3), { maxZoom: 8, animate: false });
  }
  surroundings().catch(() => { /* the whole world is shown then */ });

  map.on("click", (event) => add(event.latlng));
  map.on("dblclick", close);
  document.getElementById("point").addEventListener("click", () => add(map.getCenter()));
  document.getElementById("undo").addEventListener("click", undo);
  document.getElementById("close").addEventListener("click", close);
  fetch("/basemap/countries-50m.json").then((answer) => answer.json()).then((world) => {
    const colours = Signs.colours();
    L.geoJSON(topojson.feature(world, world.objects.countries), { style: { color: colours.coast, weight: 0.8, fillColor: colours.land, fillOpacity: 1 }, interactive: false }).addTo(map).bringToBack();
  }).catch(() => { said.textContent = "The base map could not be loaded; points can be set all the same."; });
})();
