/* Buildings: a dot each on one canvas, once the map is near enough. */
Object.assign(Riskmap, {
  /* Places in the plane of the map at zoom 0, worked once for each kind. */
  buildingPlaces() {
    this.placed = this.placed || this.doc.buildings.kinds.map((kind) => {
      const path = this.unpack(kind.at), flat = new Float64Array(2 * path.length);
      path.forEach(([lon, lat], n) => {
        const { x, y } = this.map.project([lat, lon], 0);
        flat[2 * n] = x;
        flat[2 * n + 1] = y;
      });
      return { colour: kind.colour, flat };
    });
    return this.placed;
  },

  /* From one zoom step nearer than the whole county on. */
  buildingsFrom() { return this.map.getBoundsZoom(this.doc.base.bounds) + 1; },

  buildingsLayer() {
    const owner = this;
    const Dots = L.Layer.extend({
      onAdd(map) {
        this.canvas = L.DomUtil.create("canvas", "buildings leaflet-zoom-hide", map.getPane("buildings"));
        this.paint();
      },
      onRemove() { this.canvas.remove(); },
      getEvents() { return { moveend: this.paint, viewreset: this.paint, resize: this.paint }; },
      paint() { owner.paintBuildings(this.canvas); },
    });
    return new Dots();
  },

  paintBuildings(canvas) {
    const map = this.map, size = map.getSize(), zoom = map.getZoom(), scale = window.devicePixelRatio || 1, margin = 0.25;
    const [wide, high] = [size.x, size.y].map((one) => Math.ceil(one * (1 + 2 * margin)));
    const corner = map.containerPointToLayerPoint([-size.x * margin, -size.y * margin]).round();
    L.DomUtil.setPosition(canvas, corner);
    [canvas.width, canvas.height] = [wide * scale, high * scale];
    Object.assign(canvas.style, { width: wide + "px", height: high + "px" });
    this.buildingsDrawn = 0;
    if (zoom < this.buildingsFrom()) return;
    const pen = canvas.getContext("2d"), grow = 2 ** zoom, origin = map.getPixelOrigin().add(corner);
    const half = Math.min(6, Math.max(1.5, (zoom - 11) * 0.9)), line = half > 2;
    pen.scale(scale, scale);
    pen.strokeStyle = "#4a5560";
    pen.lineWidth = 0.6;
    for (const { colour, flat } of this.buildingPlaces()) {
      pen.fillStyle = colour;
      for (let n = 0; n < flat.length; n += 2) {
        const x = flat[n] * grow - origin.x, y = flat[n + 1] * grow - origin.y;
        if (x < 0 || y < 0 || x > wide || y > high) continue;
        pen.fillRect(x - half, y - half, 2 * half, 2 * half);
        if (line) pen.strokeRect(x - half, y - half, 2 * half, 2 * half);
        this.buildingsDrawn += 1;
      }
    }
  },

  buildingsLegend() {
    const rows = this.doc.buildings.kinds.map((kind) => this.node("tr", {}, this.node("th", { scope: "row" },
      this.node("span", { class: "swatch", "aria-hidden": "true", style: { background: kind.colour } }), this.t(kind.label)), this.node("td", { class: "figure" }, kind.count)));
    return this.node("section", { class: "reach houses" }, this.node("h2", {}, this.s("ovBuildings")), this.node("p", { class: "small" }, this.s("buildingsHelp")),
      this.node("table", { class: "legend" }, this.node("thead", {}, this.node("tr", {}, this.node("th", { scope: "col" }, this.s("structure")), this.node("th", { scope: "col", class: "figure" }, this.s("buildings")))),
        this.node("tbody", {}, rows)));
  },
});
