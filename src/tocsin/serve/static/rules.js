"use strict";
// Drawing a polygon: corners by clicks or by the keyboard, kept as GeoJSON in the form's own field, which may be typed as well.
(() => {
  const box = document.getElementById("draw"), field = document.getElementById("polygon"), told = document.getElementById("drawn");
  if (!box) return;
  const MOST = 5000, NEAR = 10; // corners; pixels within which a click is on the first corner
  const state = { corners: [], closed: false };
  const map = L.map(box, { worldCopyJump: true, minZoom: 2, maxZoom: 12, zoomSnap: 0.5, doubleClickZoom: false, preferCanvas: true });
  map.attributionControl.setPrefix(false).addAttribution("Natural Earth");
  map.setView([25, 35], 3);
  const accent = () => Signs.colours().accent;
  const landStyle = () => ({ color: Signs.colours().coast, weight: 0.8, fillColor: Signs.colours().land, fillOpacity: 1, interactive: false });
  const shape = L.polygon([], { color: accent(), weight: 2, interactive: false }).addTo(map);
  const line = L.polyline([], { color: accent(), weight: 2, dashArray: "4 4", interactive: false }).addTo(map);
  const dots = L.layerGroup().addTo(map);
  let land = null;

  map.on("click", (event) => add(event.latlng));
  document.getElementById("middle").addEventListener("click", () => add(map.getCenter()));
  document.getElementById("back").addEventListener("click", () => { if (state.closed) state.closed = false; else state.corners.pop(); changed(); });
  document.getElementById("clear").addEventListener("click", () => { state.corners = []; state.closed = false; changed(); });
  field.addEventListener("input", typed);

  function add(latlng) {
    if (state.closed || state.corners.length >= MOST) return;
    const first = state.corners[0];
    if (state.corners.length > 2 && map.latLngToContainerPoint(first).distanceTo(map.latLngToContainerPoint(latlng)) <= NEAR) state.closed = true;
    else state.corners.push(L.latLng(Math.max(-90, Math.min(90, latlng.lat)), latlng.lng));
    changed();
  }

  /** The form's field from the corners; three corners are a polygon, closed or not. */
  function changed() {
    const ring = state.corners.map((one) => { const at = one.wrap(); return [+at.lng.toFixed(5), +at.lat.toFixed(5)]; });
    field.value = ring.length > 2 ? JSON.stringify({ type: "Polygon", coordinates: [[...ring, ring[0]]] }) : "";
    draw();
  }

  /** The corners from the field, as far as they are one plain ring; anything else is only shown. */
  function typed() {
    state.corners = []; state.closed = false;
    try {
      const given = JSON.parse(field.value), geometry = given.geometry || given.features?.[0]?.geometry || given;
      if (geometry.type === "Polygon" && geometry.coordinates.length === 1) {
        state.corners = geometry.coordinates[0].slice(0, -1).slice(0, MOST).map(([lng, lat]) => L.latLng(lat, lng));
        state.closed = true;
        if (geometry !== given) field.value = JSON.stringify(geometry);
      }
    } catch { state.corners = []; }
    draw();
    if (state.closed) map.fitBounds(shape.getBounds(), { padding: [20, 20] });
  }

  function draw() {
    dots.clearLayers();
    shape.setLatLngs(state.corners.length > 2 ? state.corners : []);
    line.setLatLngs(state.closed ? [] : state.corners);
    state.corners.forEach((one, n) => L.circleMarker(one, { radius: n === 0 ? 6 : 4, color: accent(), fillOpacity: 1, interactive: false }).addTo(dots));
    const count = state.corners.length;
    told.textContent = count === 0 ? "No corner yet." : count < 3 ? `${count} corner${count > 1 ? "s" : ""}; a polygon has at least three.` : `${count} corners${state.closed ? ", closed" : ""}.`;
  }

  /** The polygons of the rules that there are, thinly. */
  async function known() {
    const answer = await fetch("/rules.json");
    if (!answer.ok) return;
    for (const one of (await answer.json()).rules) {
      if (!one.polygon) continue;
      const style = { color: Signs.colours().muted, weight: 1, dashArray: "2 4", fillOpacity: 0.1 };
      L.geoJSON(one.polygon, { style, interactive: false }).addTo(map);
    }
    box.dataset.known = "rules";
  }

  async function drawLand() {
    const answer = await fetch("/basemap/countries-50m.json");
    if (!answer.ok) throw new Error(`The server answers ${answer.status}.`);
    const world = await answer.json();
    land = L.geoJSON(topojson.feature(world, world.objects.countries), { style: landStyle, interactive: false }).addTo(map);
    land.bringToBack();
    box.dataset.drawn = "land";
  }

  document.addEventListener("tocsin:theme", () => { land?.setStyle(landStyle()); shape.setStyle({ color: accent() }); line.setStyle({ color: accent() }); draw(); });
  new ResizeObserver(() => map.invalidateSize({ pan: false })).observe(box);
  drawLand().catch((problem) => { told.textContent = `The outlines did not load: ${problem.message}`; });
  known().catch(() => {}); // without them one can draw as well
  if (field.value) typed(); else draw();
})();
