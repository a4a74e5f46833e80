/* The map: base, one class layer, areas to click, overlays. */
Object.assign(Riskmap, {
  makeMap(id) {
    const doc = this.doc = JSON.parse(document.getElementById("riskmap-data").textContent);
    this.unpackShapes(doc);
    const map = this.map = L.map(id, {
      zoomControl: false, attributionControl: false, zoomSnap: 0.25, zoomDelta: 0.5, wheelPxPerZoomLevel: 90,
      minZoom: 5, maxZoom: 18, zoomAnimation: !this.still(), fadeAnimation: !this.still(),
      markerZoomAnimation: !this.still(), maxBoundsViscosity: 0.6,
    });
    const order = ["online", "around", "shade", "grid", "areas", "buildings", "lines", "county", "marks", "shelters", "names"];
    order.forEach((name, n) => { map.createPane(name).style.zIndex = 210 + 20 * n; });
    for (const name of ["around", "shade", "grid", "buildings", "lines", "county", "names"]) map.getPane(name).style.pointerEvents = "none";
    map.fitBounds(doc.base.bounds, { padding: [24, 24] });
    return map;
  },

  drawing(name) {
    this.renderers = this.renderers || {};
    return this.renderers[name] || (this.renderers[name] = L.svg({ pane: name, padding: 0.4 }));
  },

  lines(shape, pane, style) {
    return L.geoJSON(shape, { pane, interactive: false, style: () => ({ renderer: this.drawing(pane), fill: false, ...style }) });
  },

  /* Lines on a white casing, to be seen on any class colour. */
  cased(shape, pane, style) {
    return L.layerGroup([this.lines(shape, pane, { color: "#ffffff", weight: style.weight + 3, opacity: 0.95 }), this.lines(shape, pane, style)]);
  },

  buildBase() {
    const base = this.doc.base, map = this.map;
    if (base.neighbours) {
      L.geoJSON(base.neighbours, { pane: "around", interactive: false,
        style: () => ({ renderer: this.drawing("around"), color: "#c9c6bd", weight: 1, fillColor: "#f4f2ec", fillOpacity: 1 }) }).addTo(map);
    }
    if (base.shade) this.shade = L.imageOverlay(base.shade.png, base.shade.bounds, { pane: "shade", alt: "" });
    if (base.townships) this.townshipLines = this.lines(base.townships, "lines", { color: "#3a3f45", weight: 1, opacity: 0.75, dashArray: "5 4" });
    if (base.streams) {
      this.streams = L.layerGroup(base.streams.map((one) =>
        this.lines(one.shape, "lines", { color: "#2b7bba", weight: one.width, opacity: 0.85 })));
    }
    if (base.roads) {
      this.roads = L.layerGroup(base.roads.map((one) =>
        this.lines(one.shape, "lines", { color: one.width > 2 ? "#8a4b2a" : "#7a7168", weight: 0.5 + 0.6 * one.width, opacity: 0.85 })));
    }
    if (base.outline) {
      this.lines(base.outline, "county", { color: "#ffffff", weight: 5, opacity: 0.75 }).addTo(map);
      this.lines(base.outline, "county", { color: "#1f2933", weight: 2.2, opacity: 1 }).addTo(map);
    }
    this.sets = {};
  },

  areaSet(name) {
    if (this.sets[name] || !this.doc.areas[name]) return this.sets[name];
    const shapes = this.doc.areas[name].shapes;
    const features = shapes.map((geometry, n) => ({ type: "Feature", geometry, properties: { n } })).filter((one) => one.geometry);
    const layer = L.geoJSON({ type: "FeatureCollection", features }, {
      pane: "areas",
      style: (feature) => this.areaStyle(name, feature.properties.n),
      pointToLayer: (feature, at) => L.circleMarker(at, { radius: 5 }),
      onEachFeature: (feature, one) => {
        one.on("mouseover", () => { this.hover = feature.properties.n; });
        one.on("mouseout", () => { this.hover = null; this.tell(null); });
        one.on("click", (event) => { L.DomEvent.stopPropagation(event); this.choose(name, feature.properties.n, event.latlng); });
      },
    });
    return (this.sets[name] = layer);
  },

  shownSet() {
    const layer = this.layer();
    if (layer && layer.kind === "areas") return layer.areas;
    return this.doc.areas.units ? "units" : Object.keys(this.doc.areas)[0];
  },

  areaStyle(name, n) {
    const layer = this.layer(), renderer = this.drawing("areas");
    const many = this.doc.areas[name].shapes.length > 800;
    const quiet = { renderer, color: "#ffffff", weight: many ? 0 : 0.8, opacity: 0.55, fill: true, fillColor: "#ffffff", fillOpacity: 0 };
    const shape = this.doc.areas[name].shapes[n];
    if (shape && shape.type.endsWith("LineString")) return { ...quiet, color: "#0b4f8a", opacity: 0.9, weight: 2.4, fill: false };
    if (!layer) return { ...quiet, color: "#4a5560", opacity: 0.8, weight: 1, fillColor: "#8fa3b5", fillOpacity: 0.25 };
    if (layer.kind !== "areas" || layer.areas !== name) return quiet;
    const code = this.codes(layer)[n], gone = this.hidden(layer).includes(code || 0);
    return {
      renderer, color: "#ffffff", weight: many ? 0.3 : 0.9, opacity: gone ? 0.3 : 0.85, fill: true,
      fillColor: code ? this.legendRow(layer, code).colour : "url(#unknown)", fillOpacity: gone ? 0 : this.state.opacity,
    };
  },

  drawLayer() {
    const layer = this.layer(), map = this.map, shown = this.shownSet();
    for (const [name, set] of Object.entries(this.sets)) if (name !== shown) set.remove();
    const set = this.areaSet(shown);
    if (set) { set.addTo(map); set.setStyle((feature) => this.areaStyle(shown, feature.properties.n)); }
    this.drawGrid(layer && layer.kind === "grid" ? layer : null);
    this.tell(null);
  },

  drawOverlays() {
    const on = this.state.overlays, map = this.map;
    const show = (layer, wanted) => { if (layer) { if (wanted) layer.addTo(map); else layer.remove(); } };
    show(this.shade, on.shade);
    show(this.townshipLines, on.townships);
    show(this.streams, on.streams);
    show(this.roads, on.roads);
    if (on.buildings && !this.dots && this.doc.buildings) this.dots = this.buildingsLayer();
    show(this.dots, on.buildings);
    if (on.shelters && !this.reach && this.doc.shelters) this.reach = this.reachGroup();
    show(this.reach, on.shelters);
    this.drawZone();
    if (on.online && !this.tiles && this.doc.online) {
      this.tiles = L.layerGroup(this.doc.online.tiles.map((url) =>
        L.tileLayer(url, { pane: "online", subdomains: this.doc.online.subdomains, maxZoom: 18 })));
    }
    show(this.tiles, on.online);
    map.getPane("around").style.display = on.online ? "none" : "";
    this.drawNames();
  },

  choose(set, n, at) {
    if (this.tool && at) return this.vertex(at);
    const here = at ? { lat: at.lat, lng: at.lng, code: this.classAt(at) } : null;
    this.update({ place: { set, n, here }, tab: "place", open: true });
  },

  goTo(set, n) {
    const part = this.doc.areas[set], shape = part && part.shapes[n];
    this.update({ open: true });
    if (shape) this.map.fitBounds(L.geoJSON(shape).getBounds(), { maxZoom: Math.max(13, this.map.getZoom()), ...this.room(60), animate: !this.still() });
    this.choose(set, n, null);
  },

  /* Padding that keeps what is shown clear of the sheet and of the buttons on a phone. */
  room(margin) {
    const covered = this.narrow() ? document.getElementById("panel").getBoundingClientRect().height : 0;
    const buttons = document.querySelector(".zoom"), left = this.narrow() && buttons ? buttons.getBoundingClientRect().right + 8 : 0;
    return { paddingTopLeft: [Math.max(margin, left), margin], paddingBottomRight: [margin, Math.min(covered, window.innerHeight * 0.62) + margin] };
  },

  drawPlace() {
    if (this.chosen) { this.chosen.remove(); this.chosen = null; }
    const place = this.state.place;
    this.drawWays(place);
    if (!place || place.set === "drawn") return;
    const spot = this.spotOf(place);
    if (spot) {
      this.chosen = L.circleMarker([spot[1], spot[0]], { pane: "county", renderer: this.drawing("county"), radius: 16, color: "#0b4f8a", weight: 3, fill: false }).addTo(this.map);
      return;
    }
    if (place.set === "towns") { this.chosen = this.townOutline(place.n).addTo(this.map); return; }
    const shape = this.doc.areas[place.set].shapes[place.n];
    if (shape) this.chosen = this.lines(shape, "county", { color: "#0b4f8a", weight: 3.2 }).addTo(this.map);
  },
});
