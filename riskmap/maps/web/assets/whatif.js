/* What if: the index worked again under other weights, with the breaks of the run. The order of every sum is that of the run. */
Object.assign(Riskmap, {
  /* Weights in use: those of the run until a slider is moved. */
  weights() {
    const raw = this.state.weights || this.published();
    return { themes: this.shares(raw.themes), objects: this.shares(raw.objects) };
  },

  published() {
    const part = this.doc.whatIf;
    return { themes: part.themes.map((one) => one.weight), objects: part.objects.map((one) => one.weight) };
  },

  shares(raw) {
    const whole = raw.reduce((sum, one) => sum + one, 0);
    return raw.map((one) => one / whole);
  },

  codeOf(value, edges) {
    if (Number.isNaN(value)) return null;
    let code = 1;
    for (const edge of edges) code += edge !== null && value >= edge;
    return code;
  },

  /* Index, class and parts of every unit: sums over themes and objects of weight x risk, over the weights of what is known. */
  workUnits(weights) {
    const { risks, steps, edges } = this.doc.whatIf, { themes, objects } = weights, count = risks[0].length;
    const index = new Float64Array(count), codes = [];
    for (let n = 0; n < count; n += 1) {
      let total = 0, below = 0;
      for (let t = 0; t < themes.length; t += 1) {
        for (let o = 0; o < objects.length; o += 1) {
          const risk = risks[t * objects.length + o][n], weight = themes[t] * objects[o];
          if (risk >= 0) { total += weight * (risk / steps); below += weight; }
        }
      }
      index[n] = below > 0 ? total / below : NaN;
      codes.push(this.codeOf(index[n], edges));
    }
    return { index, codes };
  },

  /* What each theme and each object adds to the index of a unit; both lists add up to it. */
  parts(n) {
    const { risks, steps } = this.doc.whatIf, { themes, objects } = this.weights();
    const found = { themes: themes.map(() => 0), objects: objects.map(() => 0) };
    let below = 0;
    themes.forEach((a, t) => objects.forEach((b, o) => {
      const risk = risks[t * objects.length + o][n];
      if (risk < 0) return;
      found.themes[t] += a * b * (risk / steps);
      found.objects[o] += a * b * (risk / steps);
      below += a * b;
    }));
    for (const side of Object.values(found)) side.forEach((one, k) => { side[k] = below > 0 ? one / below : null; });
    return found;
  },

  /* The pictures of the cells as numbers; asked for once, when the first cell is worked. */
  readCells() {
    const part = this.doc.cells;
    if (this.cellsRead || !part) return this.cellsRead || Promise.resolve(null);
    const band = (png) => this.band(png, part.size);
    const number = this.pixels(part.units, part.size).then((data) => {
      const one = new Uint16Array(data.length / 4);
      for (let k = 0; k < one.length; k += 1) one[k] = data[4 * k] * 256 + data[4 * k + 1];
      return one;
    });
    return (this.cellsRead = Promise.all([number, Promise.all(part.scores.map(band)), Promise.all(part.amounts.map(band))])
      .then(([units, scores, amounts]) => (this.cellData = { units, scores, amounts })));
  },

  /* Gives the index of a cell by its place; NaN outside or unknown. */
  cellIndex({ themes, objects }) {
    const { units, scores, amounts } = this.cellData, { harms, steps } = this.doc.cells;
    const step = Float32Array.from({ length: 256 }, (_, q) => (q === 255 ? NaN : q / steps)), whole = themes.reduce((sum, one) => sum + one, 0);
    return (k) => {
      if (!units[k]) return NaN;
      let plain = 0, steep = 0, seen = 0, total = 0, below = 0;
      for (let t = 0; t < themes.length; t += 1) {
        const hazard = step[scores[t][k]];
        if (hazard === hazard) { plain += themes[t] * hazard; steep += themes[t] * hazard * Math.sqrt(hazard); seen += themes[t]; }
      }
      for (let o = 0; o < objects.length; o += 1) {
        const amount = step[amounts[o][k]];
        if (amount === 0) below += objects[o] * whole;
        else if (amount === amount && seen > 0) {
          const harm = harms[o][units[k] - 1];
          total += objects[o] * (harm < 0 ? amount * Math.sqrt(amount) * steep : amount * harm * plain);
          below += objects[o] * seen;
        }
      }
      return below > 0 ? Math.fround(total / below) : NaN;
    };
  },

  /* Class of every cell, 0 outside or unknown. */
  workCells(weights) {
    const edges = this.doc.cells.edges.map((one) => (one === null ? Infinity : Math.fround(one)));
    const codes = new Uint8Array(this.cellData.units.length), indexOf = this.cellIndex(weights);
    for (let k = 0; k < codes.length; k += 1) {
      const index = indexOf(k);
      if (Number.isNaN(index)) continue;
      let code = 1;
      for (let e = 0; e < edges.length; e += 1) code += index >= edges[e];
      codes[k] = code;
    }
    return codes;
  },

  /* Move one slider; the run's own weights come back with null. */
  weigh(side, k, value) {
    let next = null;
    if (side) {
      const raw = this.state.weights || (({ themes, objects }) => ({ themes: themes.map((one) => one * 100), objects: objects.map((one) => one * 100) }))(this.published());
      next = { ...raw, [side]: raw[side].map((one, n) => (n === k ? value : one)) };
      if (!(next[side].reduce((sum, one) => sum + one, 0) > 0)) return;
    }
    this.tried = next ? this.workUnits(this.weightsOf(next)) : null;
    this.triedCells = null;
    this.update({ weights: next });
  },

  /* Over the map: that its colours are a trial, or that they do not follow one. */
  sayTrial() {
    const layer = this.layer();
    document.documentElement.classList.toggle("on-trial", Boolean(this.tried));
    document.querySelector(".stage").dataset.trial = this.s(!layer || this.follows(layer) ? "trial" : "trialNot");
  },

  /* While the shown layer does not follow the weights: a way to the one that does. */
  trialLayer() {
    const layer = this.layer(), risk = this.layer("risk-units");
    if (!this.tried || !layer || !risk || this.follows(layer)) return null;
    return this.node("p", { class: "trial-note" }, this.s("trialNot") + " ", this.node("button", { type: "button", class: "link", id: "show-risk",
      onclick: () => this.update({ layer: risk.id, place: this.kept(risk) }) }, this.s("showLayer") + this.t(risk.title)));
  },

  weightsOf(raw) { return { themes: this.shares(raw.themes), objects: this.shares(raw.objects) }; },

  /* Codes that a layer shows: worked again where it follows the weights. */
  codes(layer) { return this.tried && layer.id === "risk-units" ? this.tried.codes : layer.codes; },

  toml() {
    const key = (name) => (/^[A-Za-z0-9_-]+$/.test(name) ? name : JSON.stringify(name)), part = this.doc.whatIf, { themes, objects } = this.weights();
    const table = (list, shares) => "{" + list.map((one, k) => `${key(one.id)} = ${Number(shares[k].toFixed(4))}`).join(", ") + "}";
    return `[scoring]\nweights = ${table(part.themes, themes)}\nobjects = ${table(part.objects, objects)}\n`;
  },

  /* The weights and what they change, as it would be said in a meeting. */
  sentence() {
    const part = this.doc.whatIf, weights = this.weights(), comma = this.s("listComma");
    const told = (side) => part[side].map((one, k) => `${this.t(one.title)} ${Math.round(weights[side][k] * 1000) / 10}%`).join(comma);
    const fill = (key, values) => Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value), this.s(key));
    const head = fill(this.tried ? "sayTried" : "sayPublished", { themes: told("themes"), objects: told("objects") });
    if (!this.tried) return head;
    const moved = this.layer("risk-units").codes.map((was, n) => this.tried.codes[n] - was).filter((one) => one !== 0);
    const up = moved.filter((one) => one > 0).length, all = this.layer("risk-units").codes.length;
    return head + fill("sayMoved", { all, moved: moved.length, up, down: moved.length - up });
  },

  /* A text to copy and the button that does it. */
  copied(id, key, value) {
    const text = this.node("textarea", { id, readonly: true, rows: "4", "aria-label": this.s(key) });
    text.value = value;
    const copy = () => {
      const done = () => { button.textContent = this.s("copied"); };
      text.select();
      if (document.execCommand("copy")) done(); // works from the disk too, where newer ways may ask or refuse
      else if (navigator.clipboard) navigator.clipboard.writeText(text.value).then(done, () => text.focus());
    };
    const button = this.node("button", { type: "button", class: "plain", id: id === "toml" ? "copy-weights" : "copy-" + id, onclick: copy }, this.s(key));
    return [text, button];
  },

  whatIfTab() {
    const part = this.doc.whatIf, weights = this.weights(), raw = this.state.weights;
    const sliders = (side, title) => this.node("fieldset", { class: "weights" }, this.node("legend", {}, title), part[side].map((one, k) => {
      const id = `weight-${side}-${one.id}`, share = Math.round(weights[side][k] * 1000) / 10 + "%";
      const input = this.node("input", { type: "range", id, min: "0", max: "100", step: "1", "aria-valuetext": share, oninput: (event) => this.weigh(side, k, Number(event.target.value)) });
      input.value = String(Math.round(raw ? raw[side][k] : one.weight * 100));
      return this.node("label", { class: "weight", for: id }, this.node("span", {}, this.t(one.title)), input, this.node("output", {}, share));
    }));
    const [sentence, sentenceButton] = this.copied("sentence", "copySentence", this.sentence());
    const [text, button] = this.copied("toml", "copyWeights", this.toml());
    return [
      this.node("section", { class: "trial" }, this.node("h2", {}, this.s("whatIf")), this.node("p", { class: "small" }, this.s("whatIfHelp")),
        this.node("p", { class: "small", id: "share-help" }, this.s("shareHelp"))),
      sliders("themes", this.s("weightThemes")), sliders("objects", this.s("weightObjects")),
      this.node("div", { class: "row" }, this.node("button", { type: "button", class: "plain", id: "reset-weights", disabled: !raw, onclick: () => this.weigh() }, this.s("resetWeights")), sentenceButton),
      sentence, this.node("div", { class: "row" }, button), text, this.node("div", { id: "moved" }, raw && [this.trialLayer(), this.changedUnits()]),
    ];
  },

  /* While a slider is dragged only the words around it change. */
  drawTrial() {
    const part = this.doc.whatIf, weights = this.weights();
    for (const side of ["themes", "objects"]) {
      part[side].forEach((one, k) => {
        const input = document.getElementById(`weight-${side}-${one.id}`), share = Math.round(weights[side][k] * 1000) / 10 + "%";
        input.setAttribute("aria-valuetext", share);
        input.nextElementSibling.textContent = share;
      });
    }
    document.getElementById("toml").value = this.toml();
    document.getElementById("sentence").value = this.sentence();
    document.getElementById("reset-weights").disabled = false;
    document.getElementById("moved").replaceChildren(this.trialLayer() || "", this.changedUnits());
    this.drawStrip();
  },

  /* Who changes class, from what to what. */
  changedUnits() {
    const layer = this.layer("risk-units"), part = this.doc.areas.units, people = part.sizes.people;
    const moved = layer.codes.map((was, n) => ({ n, was, now: this.tried.codes[n] })).filter((one) => one.was !== one.now);
    const sums = new Map();
    moved.forEach((one) => this.add(sums, 0, 0, this.peopleOf(one.n), one.n));
    const whole = this.together(sums.values());
    const rows = moved.sort((a, b) => Math.abs(b.now - b.was) - Math.abs(a.now - a.was) || (people[b.n] || 0) - (people[a.n] || 0)).slice(0, 40);
    const named = (code) => this.chip(this.legendRow(layer, code));
    return this.node("section", { class: "moved" },
      this.node("h3", { id: "moved-count" }, `${this.s("moved")} ${moved.length} / ${layer.codes.length}` + (people.length ? ` · ${this.s("peopleHead")} ${this.heads(whole)}` : "")),
      people.length ? this.unknownNote(whole.unknown.size) : null,
      this.node("ul", {}, rows.map((one) => this.node("li", {}, this.node("button", { type: "button", class: "link", onclick: () => this.goTo("units", one.n) }, this.t(part.names[one.n])),
        named(one.was), "→ ", named(one.now)))));
  },
});
