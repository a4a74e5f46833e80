/* Names that do not touch one another, and the small controls on the map. */
Object.assign(Riskmap, {
  kinds: {
    town: { size: 14, from: 0, className: "town" },
    neighbour: { size: 13, from: 0, className: "neighbour" },
    place: { size: 12, from: 0, className: "village" },
    village: { size: 12, from: 0, className: "village" },
  },

  /* Villages are named once the map is nearer than the whole county, unless they are few. */
  quietNames(whole) {
    const few = this.doc.labels.filter((one) => one[3] === "village" || one[3] === "place").length <= 30;
    this.kinds.village.from = this.kinds.place.from = few ? 0 : whole + 0.75;
  },

  drawNames() {
    const pane = this.map.getPane("names");
    pane.replaceChildren();
    const size = this.map.getSize(), taken = this.controlBoxes(), zoom = this.map.getZoom();
    this.ruler = this.ruler || document.createElement("canvas").getContext("2d");
    const shown = [];
    for (const [lon, lat, name, kind] of this.doc.labels) {
      const style = this.kinds[kind];
      if (zoom < style.from || (!this.state.overlays.names && kind !== "neighbour")) continue;
      const at = this.map.latLngToContainerPoint([lat, lon]), text = this.t(name);
      const low = style.className === "village" ? 13 : 0;
      if (at.x < 0 || at.y < 0 || at.x > size.x || at.y > size.y) continue;
      this.ruler.font = style.size + "px Riskmap, sans-serif";
      const half = this.ruler.measureText(text).width / 2 + 4, high = style.size * 0.75;
      const box = [at.x - half, at.y + low - high - (low ? 5 : 0), at.x + half, at.y + low + high];
      if (box[0] < 0 || box[2] > size.x) continue;
      if (taken.some((one) => box[0] < one[2] && box[2] > one[0] && box[1] < one[3] && box[3] > one[1])) continue;
      taken.push(box);
      const label = this.node("span", { class: "name " + style.className }, text);
      const point = this.map.latLngToLayerPoint([lat, lon]);
      label.style.left = point.x + "px";
      label.style.top = point.y + "px";
      shown.push(label);
    }
    pane.append(...shown);
  },

  /* Where buttons and the scale stand: names keep clear of them. */
  controlBoxes() {
    const corner = this.map.getContainer().getBoundingClientRect();
    return [...this.map.getContainer().querySelectorAll(".leaflet-control")].map((one) => one.getBoundingClientRect())
      .filter((one) => one.width && one.height).map((one) => [one.left - corner.left, one.top - corner.top, one.right - corner.left, one.bottom - corner.top]);
  },

  drawControls() {
    if (this.controls) this.controls.forEach((one) => one.remove());
    const place = (position, build) => {
      const control = L.control({ position });
      control.onAdd = () => { const made = build(); L.DomEvent.disableClickPropagation(made); return made; };
      return control.addTo(this.map);
    };
    const button = (key, sign, act) => this.node("button", { type: "button", "aria-label": this.s(key), title: this.s(key), onclick: act }, sign);
    const free = this.narrow() ? "topright" : "topleft"; // on a phone the buttons reach down to the sheet
    const still = { animate: !this.still() };
    this.controls = [
      place("topleft", () => this.node("div", { class: "zoom" },
        button("zoomIn", "+", () => this.map.zoomIn(1, still)), button("zoomOut", "−", () => this.map.zoomOut(1, still)),
        button("home", "⌂", () => this.map.fitBounds(this.doc.base.bounds, { ...this.room(24), ...still })))),
      place("topleft", () => this.node("div", { class: "zoom tools" }, this.toolButton("measure", "M2 14 14 2M4 9l3 3M7 6l3 3M10 3l3 3"), this.toolButton("area", "M3 5 9 2l5 5-3 7-7-1z"),
        this.toolButton("print", "M4 6V2h8v4M4 12H2V6h12v6h-2M4 9h8v5H4z"))),
      ...(this.drawnShape ? [place(free, () => this.node("div", { class: "zoom clearing" },
        this.node("button", { type: "button", id: "clear-map", title: this.s("clear"), onclick: () => this.clearDrawn() }, "✕ " + this.s("clear"))))] : []),
      place(free, () => (this.hint = this.node("div", { class: "hint", role: "status" }))),
      place("bottomleft", () => this.node("div", { class: "approval" }, this.t(this.doc.approval))),
      L.control.scale({ position: "bottomleft", imperial: false, maxWidth: 110 }).addTo(this.map),
      place("topright", () => (this.readout = this.node("div", { class: "readout", "aria-hidden": "true" }))),
    ];
    this.map.getContainer().setAttribute("aria-label", this.s("map"));
    this.sayTrial();
    this.tell(null);
    this.sayLength();
  },

  toolButton(kind, path) {
    const on = this.tool && this.tool.kind === kind, words = this.s({ area: "drawArea", measure: "measure", print: "printHead" }[kind]), sign = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    sign.setAttribute("viewBox", "0 0 16 16");
    sign.setAttribute("aria-hidden", "true");
    sign.append(document.createElementNS("http://www.w3.org/2000/svg", "path"));
    sign.firstChild.setAttribute("d", path);
    const act = kind === "print" ? () => this.printNow("a4") : () => (on ? this.stopTool() : this.startTool(kind));
    return this.node("button", { type: "button", id: "tool-" + kind, "aria-label": words, title: words, "aria-pressed": kind === "print" ? null : String(Boolean(on)), onclick: act }, sign);
  },

  /* Say what lies under the pointer. */
  tell(at) {
    if (!this.readout) return;
    const layer = this.layer(), over = at && Number.isInteger(this.hover), byArea = layer && layer.kind === "areas";
    const code = !at ? null : byArea ? (over ? this.codes(layer)[this.hover] || 0 : null) : this.classAt(at);
    const nothing = this.tool || code === null || (code === 0 && !over);
    this.readout.style.display = nothing ? "none" : "";
    if (nothing) return;
    const row = this.legendRow(layer, code), [quantity] = layer.kind === "grid" ? this.quantities(layer) : [];
    const value = quantity ? this.quantityText(quantity, at) : this.valueAt(at);
    this.readout.replaceChildren(
      over ? this.node("span", {}, this.t(this.doc.areas[this.shownSet()].names[this.hover])) : "",
      this.node("span", { class: "chip" }, this.swatch(row.colour, row.code ? "" : byArea ? "unknown" : "blank"), this.t(row.label)),
      value === null ? "" : this.node("span", { class: "muted" }, quantity ? this.t(quantity.title) + " " + value : this.valueTitle() + " " + this.valueWords(value)));
  },

  followPointer() {
    let waiting = null;
    this.map.on("mousemove", (event) => {
      if (waiting) cancelAnimationFrame(waiting);
      waiting = requestAnimationFrame(() => {
        this.tell((this.pointed = event.latlng));
      });
    });
    this.map.on("mouseout", () => this.tell((this.pointed = null)));
    this.map.on("moveend zoomend resize", () => this.drawNames());
    this.map.on("zoomstart", () => this.map.getPane("names").replaceChildren());
  },
});
