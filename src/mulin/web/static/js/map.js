/* Draws GeoJSON on a plain ground; tiles only when the county has set an address. The list beside it says the same. */
(function () {
  "use strict";

  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const tones = { brand: "brand", accent: "accent", ok: "ok", warn: "warn", danger: "danger", muted: "line-strong" };
  const colour = (feature) => token(tones[(feature.properties || {}).tone] || "brand");

  function areaStyle(feature) {
    if (feature.geometry.type === "Point") return {};
    return { color: colour(feature), weight: 2, fillColor: colour(feature), fillOpacity: 0.14 };
  }

  function point(feature, position) {
    return window.L.circleMarker(position, { radius: 9, weight: 3, color: token("paper"), fillColor: colour(feature), fillOpacity: 1 });
  }

  // An element, not a string: Leaflet would read a string as HTML.
  function label(text) {
    const element = document.createElement("span");
    element.textContent = text;
    return element;
  }

  function name(feature, layer) {
    const properties = feature.properties || {};
    if (properties.label) layer.bindTooltip(label(properties.label));
    if (properties.url) layer.on("click", () => { window.location.assign(properties.url); });
  }

  function draw(place) {
    const given = JSON.parse(place.querySelector("script").textContent);
    const map = window.L.map(place, { zoomControl: false, attributionControl: Boolean(given.tiles), scrollWheelZoom: false });
    window.L.control.zoom({ zoomInTitle: place.dataset.zoomIn, zoomOutTitle: place.dataset.zoomOut }).addTo(map);
    if (given.tiles) {
      window.L.tileLayer(given.tiles.url, { attribution: given.tiles.attribution, subdomains: given.tiles.subdomains || "abc", maxZoom: given.tiles.max_zoom || 18 }).addTo(map);
    }
    const drawing = window.L.geoJSON(given.geojson, { style: areaStyle, pointToLayer: point, onEachFeature: name }).addTo(map);
    const bounds = drawing.getBounds();
    if (given.centre || !bounds.isValid()) map.setView(given.centre || [35, 105], given.centre ? given.zoom : 4);
    else map.fitBounds(bounds, { padding: [20, 20], maxZoom: 17 });
  }

  function prepare(within) {
    within.querySelectorAll("[data-map]").forEach((place) => {
      if (!place.dataset.drawn && window.L) { place.dataset.drawn = "1"; draw(place); }
    });
  }

  document.addEventListener("htmx:afterSettle", (event) => prepare(event.target));
  prepare(document);
})();
