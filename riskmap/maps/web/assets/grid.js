/* Pictures of cells as numbers and back: classes read from a picture, classes painted with some of them hidden. */
Object.assign(Riskmap, {
  pixels(png, [wide, high]) {
    return new Promise((resolve) => {
      const image = new Image();
      image.onload = () => {
        const canvas = document.createElement("canvas");
        [canvas.width, canvas.height] = [wide, high];
        const pen = canvas.getContext("2d", { willReadFrequently: true });
        pen.drawImage(image, 0, 0);
        resolve(pen.getImageData(0, 0, wide, high).data);
      };
      image.setAttribute("src", png);
    });
  },

  /* A grey picture as one number a pixel. */
  band(png, size) {
    return this.pixels(png, size).then((data) => {
      const one = new Uint8Array(data.length / 4);
      for (let k = 0; k < one.length; k += 1) one[k] = data[4 * k];
      return one;
    });
  },

  /* Classes of a layer's picture: 0 for none. */
  readClasses(layer) {
    layer.read = layer.read || this.pixels(layer.picture.png, layer.picture.size).then((data) => {
      const codes = new Uint8Array(data.length / 4), known = new Map(layer.picture.colours.map(([r, g, b], n) => [r * 65536 + g * 256 + b, n + 1]));
      for (let k = 0; k < codes.length; k += 1) if (data[4 * k + 3]) codes[k] = known.get(data[4 * k] * 65536 + data[4 * k + 1] * 256 + data[4 * k + 2]) || 0;
      return codes;
    });
    return layer.read;
  },

  /* The shown classes of a layer's cells, worked again under other weights where it follows them. */
  shownClasses(layer) {
    if (!(this.tried && layer.id === "risk-grid" && this.doc.cells)) return this.readClasses(layer);
    return this.readCells().then(() => (this.triedCells = this.triedCells || this.workCells(this.weights())));
  },

  hidden(layer) { return this.state.hidden[layer.id] || []; },

  paint(codes, layer) {
    const [wide, high] = layer.picture.size, canvas = document.createElement("canvas"), gone = this.hidden(layer);
    [canvas.width, canvas.height] = [wide, high];
    const pen = canvas.getContext("2d"), image = pen.createImageData(wide, high), words = new Uint32Array(image.data.buffer);
    const little = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;
    const inks = [0, ...layer.picture.colours.map(([r, g, b], n) => (gone.includes(n + 1) ? 0 : little ? (255 << 24) | (b << 16) | (g << 8) | r : (r << 24) | (g << 16) | (b << 8) | 255))];
    for (let k = 0; k < codes.length; k += 1) words[k] = inks[codes[k]];
    pen.putImageData(image, 0, 0);
    return canvas;
  },

  /* The picture of the run as it is; painted anew only where classes are hidden or weights are tried. */
  drawGrid(layer) {
    const painted = layer && (this.hidden(layer).length || (this.tried && layer.id === "risk-grid" && this.doc.cells));
    const look = layer ? JSON.stringify([layer.id, this.hidden(layer), painted && layer.id === "risk-grid" ? this.state.weights : null]) : null;
    if (look !== this.gridLook) {
      this.gridLook = look;
      this.cells = null;
      if (!layer) this.placeGrid(null);
      else if (!painted) this.placeGrid(L.imageOverlay(layer.picture.png, layer.picture.bounds, { pane: "grid", className: "cells", alt: "" }));
      if (layer) {
        this.shownClasses(layer).then((codes) => {
          if (this.gridLook !== look) return;
          this.cells = { id: layer.id, codes };
          if (painted) this.placeGrid(L.svgOverlay(this.paint(codes, layer), layer.picture.bounds, { pane: "grid", className: "cells", interactive: false }));
          this.drawPanel({ cells: true });
        });
      }
    }
    if (this.grid) this.grid.setOpacity(this.state.opacity);
  },

  placeGrid(overlay) {
    if (this.grid) this.grid.remove();
    this.grid = overlay ? overlay.addTo(this.map).setOpacity(this.state.opacity) : null;
  },

  /* Where a place lies in a picture: x, y in pixels. */
  pixelOf(at, { bounds, size }) {
    const [[south, west], [north, east]] = bounds, up = (lat) => Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360));
    return [((at.lng - west) / (east - west)) * size[0], ((up(north) - up(at.lat)) / (up(north) - up(south))) * size[1]];
  },

  /* Class under a place: a code, 0 for no data, null when nothing can be said. */
  classAt(at) {
    const layer = this.layer();
    if (!layer || layer.kind !== "grid" || !this.cells || this.cells.id !== layer.id) return null;
    const [x, y] = this.pixelOf(at, layer.picture).map(Math.floor), [wide, high] = layer.picture.size;
    return x < 0 || y < 0 || x >= wide || y >= high ? null : this.cells.codes[y * wide + x];
  },

  /* Score of the shown hazard, or the index of the risk, under a place, 0..1; null where none is known or the page carries none. */
  valueAt(at) {
    const layer = this.layer(), part = this.doc.cells, whole = Boolean(layer) && layer.id === "risk-grid";
    const theme = part && layer && layer.kind === "grid" ? this.doc.whatIf.themes.findIndex((one) => "hazard-" + one.id === layer.id) : -1;
    if (!part || (theme < 0 && !whole)) return null;
    if (!this.cellData) { this.readCells().then(() => { this.tell(this.pointed); this.drawPanel({ values: true }); }); return null; }
    const [x, y] = this.pixelOf(at, part).map(Math.floor), [wide, high] = part.size;
    if (x < 0 || y < 0 || x >= wide || y >= high) return null;
    if (whole) { const index = this.cellIndex(this.weights())(y * wide + x); return Number.isNaN(index) ? null : index; }
    const step = this.cellData.scores[theme][y * wide + x];
    return step === 255 ? null : step / part.steps;
  },

  /* That value in words. An index is worked from scores and amounts in steps: at most 0.0005 off, so that it is told with three decimals. */
  valueWords(value) {
    if (this.layer().id !== "risk-grid" || value === 0) return this.figure(value);
    return value < 0.0005 ? "< 0.0005" : this.s("roughly") + value.toFixed(3);
  },

  valueTitle() { return this.s(this.layer().id === "risk-grid" ? "index" : "score"); },

  /* Area on the ground of a pixel in each row, km2. */
  rowAreas({ bounds, size }) {
    const [[south, west], [north, east]] = bounds, radius = 6378137, up = (lat) => Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360));
    const wide = ((east - west) * Math.PI * radius) / 180 / size[0], top = up(north), step = (top - up(south)) / size[1];
    return Array.from({ length: size[1] }, (_, row) => {
      const lat = 2 * Math.atan(Math.exp(top - (row + 0.5) * step)) - Math.PI / 2;
      return (wide * Math.cos(lat)) ** 2 / 1e6;
    });
  },

  figure(value, whole) {
    if (value === null || Number.isNaN(value)) return this.s("noData");
    const kept = whole || Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
    return kept.toLocaleString("en-US");
  },
});
