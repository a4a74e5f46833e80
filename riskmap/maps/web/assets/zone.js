/* The area that the chosen scenario strikes: tinted, hatched and edged on its own cells, under the points and ways. */
Object.assign(Riskmap, {
  zoneInk: [22, 28, 36],

  zone() { return (this.doc.scenarioZones && this.doc.scenarioZones.zones[this.state.scenario]) || null; },

  drawZone() {
    const one = this.state.overlays.shelters ? this.zone() : null, look = one && one.png ? this.state.scenario : null;
    if (look === this.zoneLook) return;
    this.zoneLook = look;
    if (this.zoneShown) { this.zoneShown.remove(); this.zoneShown = null; }
    if (look === null) return;
    const { bounds, size } = this.doc.scenarioZones;
    this.band(one.png, size).then((cells) => {
      if (this.zoneLook !== look) return;
      if (!this.map.getPane("zone")) Object.assign(this.map.createPane("zone").style, { zIndex: 325, pointerEvents: "none" });
      this.zoneShown = L.svgOverlay(this.hatched(cells, size), bounds, { pane: "zone", className: "cells", interactive: false }).addTo(this.map);
    });
  },

  /* Strong at the edge, weaker on every sixth slanting line, weak between them. */
  hatched(cells, [wide, high]) {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [wide, high];
    const pen = canvas.getContext("2d"), image = pen.createImageData(wide, high);
    for (let y = 0, k = 0; y < high; y += 1) {
      for (let x = 0; x < wide; x += 1, k += 1) {
        if (!cells[k]) continue;
        const edge = !(x && cells[k - 1] && x + 1 < wide && cells[k + 1] && y && cells[k - wide] && y + 1 < high && cells[k + wide]);
        image.data.set(this.zoneInk, 4 * k);
        image.data[4 * k + 3] = edge ? 220 : (x + y) % 6 === 0 ? 185 : 75;
      }
    }
    pen.putImageData(image, 0, 0);
    return canvas;
  },

  /* Its line of the legend; none where the scenario has no area. */
  zoneRow() {
    const one = this.zone();
    return one && one.png && { mark: "zone-mark", label: this.doc.scenarioZones.words.zone.map((words) => `${words} ${one.area}`), values: ["", ""] };
  },

  /* Why the area of the scenario is not drawn. */
  zoneNote() {
    const one = this.zone();
    return one && !one.png && this.node("p", { class: "small", id: "zone-hidden" }, this.t(this.doc.scenarioZones.words.hidden));
  },
});
