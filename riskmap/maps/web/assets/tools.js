/* Tools on the map: measure a way, draw an area and read what is in it. */
Object.assign(Riskmap, {
  startTool(kind) {
    this.stopTool();
    this.tool = { kind, at: [], line: L.polyline([], { pane: "county", renderer: this.drawing("county"), color: "#0b4f8a", weight: 3, dashArray: "6 5" }).addTo(this.map) };
    this.map.getContainer().classList.add("drawing");
    this.map.doubleClickZoom.disable();
    if (this.drawnShape) { this.drawnShape.remove(); this.drawnShape = null; }
    this.drawControls();
    this.update({ drawn: null });
  },

  stopTool() {
    if (!this.tool) return;
    this.tool.line.remove();
    this.tool = null;
    this.map.getContainer().classList.remove("drawing");
    setTimeout(() => this.map.doubleClickZoom.enable(), 300);
    this.drawControls();
  },

  /* One more corner; a click on the first one (or the last one again) ends. */
  vertex(at) {
    const { at: path, kind } = this.tool, near = (one) => one && this.map.latLngToContainerPoint(one).distanceTo(this.map.latLngToContainerPoint(at)) < 9;
    if (path.length > 1 && near(path[path.length - 1])) return this.endTool();
    if (kind === "area" && path.length > 2 && near(path[0])) return this.endTool();
    path.push(at);
    this.tool.line.setLatLngs(path);
    this.sayLength();
  },

  endTool() {
    const { at: path, kind } = this.tool;
    if (path.length < (kind === "area" ? 3 : 2)) return this.stopTool();
    const style = { pane: "county", renderer: this.drawing("county"), color: "#0b4f8a", weight: 3, interactive: false };
    this.drawnShape = (kind === "area" ? L.polygon(path, { ...style, fillOpacity: 0.08 }) : L.polyline(path, style)).addTo(this.map);
    this.stopTool();
    this.update({ drawn: { kind, path }, place: { set: "drawn" }, tab: "place", open: true });
  },

  clearDrawn() {
    if (this.drawnShape) { this.drawnShape.remove(); this.drawnShape = null; }
    const { place } = this.state;
    this.drawControls();
    this.update({ drawn: null, place: place && place.set === "drawn" ? null : place });
  },

  lengthOf(path, closed) {
    let metres = 0;
    for (let n = 1; n < path.length; n += 1) metres += this.map.distance(path[n - 1], path[n]);
    return closed ? metres + this.map.distance(path[path.length - 1], path[0]) : metres;
  },

  distance(metres) { return metres < 1000 ? Math.round(metres) + " m" : this.figure(metres / 1000) + " km"; },

  sayLength() {
    if (!this.tool || !this.hint) return;
    const path = this.tool.at;
    this.hint.textContent = path.length < 2 ? this.s(this.tool.kind === "area" ? "drawHelp" : "measureHelp") : this.distance(this.lengthOf(path)) + " · " + this.s("drawEnd");
  },

  followKeys() {
    document.addEventListener("keydown", (event) => {
      if (!this.tool) {
        if (event.key === "Escape" && this.drawnShape && !event.target.closest("input, textarea, select")) this.clearDrawn();
        return;
      }
      if (event.key === "Escape") this.stopTool();
      else if (event.key === "Enter") { event.preventDefault(); this.endTool(); }
      else if (event.key === "Backspace") { this.tool.at.pop(); this.tool.line.setLatLngs(this.tool.at); this.sayLength(); }
    });
    this.map.on("click", (event) => { if (this.tool) this.vertex(event.latlng); });
    this.map.on("dblclick", () => { if (this.tool) this.endTool(); });
    this.map.on("mousemove", (event) => { if (this.tool && this.tool.at.length) this.tool.line.setLatLngs([...this.tool.at, event.latlng]); });
  },

  /* Pixels of the cells inside a path: [first row, last row, a test]. */
  maskOf(path) {
    const { size: [wide, high] } = this.doc.cells, canvas = document.createElement("canvas");
    const corners = path.map((at) => this.pixelOf(at, this.doc.cells));
    const [left, top] = [0, 1].map((axis) => Math.max(0, Math.floor(Math.min(...corners.map((one) => one[axis])))));
    const [right, bottom] = [0, 1].map((axis) => Math.min([wide, high][axis], Math.ceil(Math.max(...corners.map((one) => one[axis])))));
    if (right <= left || bottom <= top) return null;
    [canvas.width, canvas.height] = [right - left, bottom - top];
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    pen.beginPath();
    corners.forEach(([x, y], n) => pen[n ? "lineTo" : "moveTo"](x - left, y - top));
    pen.fill();
    const data = pen.getImageData(0, 0, canvas.width, canvas.height).data;
    return { left, top, right, bottom, inside: (x, y) => data[4 * ((y - top) * (right - left) + x - left) + 3] > 127 };
  },

  /* Area and people by class of the cells, all of them or those in a mask. */
  tally(codes, mask, sums = new Map()) {
    const part = this.doc.cells, [wide, high] = part.size, areas = this.rowAreas(part), units = this.cellData.units;
    const box = mask || { left: 0, top: 0, right: wide, bottom: high, inside: () => true };
    for (let y = box.top; y < box.bottom; y += 1) {
      for (let x = box.left, k = y * wide + box.left; x < box.right; x += 1, k += 1) {
        if (!units[k] || !box.inside(x, y)) continue;
        this.add(sums, codes[k], areas[y], this.peopleOf(units[k] - 1) === null ? null : 0, units[k] - 1);
      }
    }
    if (part.people) {
      let k = 0;
      part.people[0].forEach((step, n) => {
        k += step;
        const x = k % wide, y = Math.floor(k / wide);
        if (x >= box.left && x < box.right && y >= box.top && y < box.bottom && box.inside(x, y)) this.add(sums, codes[k], 0, part.people[1][n], null);
      });
    }
    return sums;
  },

  /* Classes that the shown layer gives to the cells. */
  classesOfCells() {
    const layer = this.layer(), { units } = this.cellData, part = this.doc.areas.units;
    if (layer.kind === "grid") return this.shownClasses(layer);
    const codes = this.codes(layer), of = layer.areas === "zones" ? (n) => (part.zone[n] === null ? 0 : codes[part.zone[n]]) : (n) => codes[n];
    return Promise.resolve(units.map((n) => (n ? of(n - 1) || 0 : 0)));
  },

  drawnCard() {
    const { drawn } = this.state;
    if (!drawn) return this.node("p", { class: "empty" }, this.s("areaEmpty"));
    const closed = drawn.kind === "area", rows = [[this.s(closed ? "around" : "length"), this.distance(this.lengthOf(drawn.path, closed))]];
    const table = this.node("div", { id: "drawn-figures" });
    if (closed && this.layer()) {
      if (this.doc.cells) this.fillFigures(table, drawn);
      else if (this.layer().areas === "units") this.showFigures(table, this.tallySeats(drawn.path), this.s("bySeats"));
    }
    return this.node("article", { class: "card" }, this.node("h2", { tabindex: "-1", id: "place-name" }, this.s(closed ? "drawArea" : "measure")),
      this.pairs(rows), table, this.node("button", { type: "button", class: "plain", id: "clear-drawn", onclick: () => this.clearDrawn() }, this.s("clear")));
  },

  fillFigures(target, drawn) {
    const layer = this.layer();
    this.readCells().then(() => this.classesOfCells()).then((codes) => {
      const mask = this.maskOf(drawn.path);
      if (this.layer() === layer) this.showFigures(target, mask ? this.tally(codes, mask) : new Map(), null);
    });
  },

  /* Whole units whose seat lies inside: where the page carries no cells. */
  tallySeats(path) {
    const part = this.doc.areas.units, codes = this.codes(this.layer()), sums = new Map();
    part.seats.forEach((at, n) => { if (at && this.holds(path, at)) this.add(sums, codes[n] || 0, part.sizes.area_km2[n], this.peopleOf(n), n); });
    return sums;
  },

  holds(path, [lon, lat]) {
    let inside = false;
    path.forEach((a, n) => {
      const b = path[(n + 1) % path.length];
      if ((a.lat > lat) !== (b.lat > lat) && lon < a.lng + ((b.lng - a.lng) * (lat - a.lat)) / (b.lat - a.lat)) inside = !inside;
    });
    return inside;
  },

  showFigures(target, sums, note) {
    const layer = this.layer(), total = this.together(sums.values()), people = Boolean(this.doc.cells ? this.doc.cells.people : this.doc.areas.units.sizes.people.length);
    const line = (head, one) => this.node("tr", {}, this.node("th", { scope: "row" }, head), this.node("td", { class: "figure" }, this.figure(one.km2)),
      people && this.node("td", { class: "figure" }, this.heads(one)));
    const heads = [this.s("areaHead"), people && this.s("peopleHead")].filter((one) => one);
    target.replaceChildren(this.node("h3", {}, this.t(layer.title)), this.node("table", { class: "legend" },
      this.node("thead", {}, this.node("tr", {}, this.node("th", { scope: "col" }), heads.map((one) => this.node("th", { scope: "col", class: "figure" }, one)))),
      this.node("tbody", {}, layer.legend.rows.filter((row) => sums.has(row.code)).map((row) => line(this.chip(row), sums.get(row.code))), line(this.s("total"), total))),
    (people && this.unknownNote(total.unknown.size)) || "", note ? this.node("p", { class: "small" }, note) : "");
  },
});
