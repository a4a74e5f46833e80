/* The one panel: title, search, legend, layers, overlays, place, fine print. */
Object.assign(Riskmap, {
  tabs: ["layers", "place", "whatIf", "about"],

  buildPanel() {
    const doc = this.doc, panel = document.getElementById("panel");
    const searchable = Object.keys(doc.areas).length > 0;
    this.body = this.node("div", { class: "body", id: "tabpanel", role: "tabpanel" });
    this.tabRow = this.node("div", { class: "tabs", role: "tablist" });
    panel.setAttribute("aria-label", this.t(doc.county) + " " + this.t(doc.title));
    panel.replaceChildren(
      this.node("button", { type: "button", class: "grab", id: "grab", "aria-controls": "tabpanel",
        onclick: () => this.update({ open: !this.state.open }) }),
      this.node("header", {},
        this.node("div", { class: "headline" },
          this.node("h1", {}, this.node("span", { class: "county" }, this.t(doc.county)), this.node("span", {}, this.t(doc.title))),
          this.languageSwitch()),
        this.node("p", { class: "imprint" }, doc.note && this.node("span", { class: "note" }, this.t(doc.note)),
          doc.date && this.node("span", {}, this.t(doc.date)), doc.compiler && this.node("span", {}, this.t(doc.compiler)))),
      this.strip = this.node("div", { class: "strip" }),
      searchable ? this.searchBox() : "",
      this.tabRow, this.body);
    this.drawPanel({ all: true });
  },

  languageSwitch() {
    const one = (lang, label) => this.node("button", { type: "button", lang: lang === "zh" ? "zh-CN" : "en", id: "lang-" + lang,
      "aria-pressed": String(this.lang === lang), onclick: () => { this.setLanguage(lang); document.getElementById("lang-" + lang).focus(); } }, label);
    return this.node("div", { class: "lang", role: "group", "aria-label": this.s("language") }, one("zh", "中文"), one("en", "EN"));
  },

  drawPanel(change) {
    const panel = document.getElementById("panel"), state = this.state;
    panel.classList.toggle("open", state.open);
    this.map.getContainer().classList.toggle("with-shelters", state.overlays.shelters);
    const grab = document.getElementById("grab");
    grab.setAttribute("aria-expanded", String(state.open));
    grab.setAttribute("aria-label", this.s(state.open ? "close" : "open"));
    if (Object.keys(change).every((key) => key === "open" || key === "opacity")) return;
    if ("weights" in change && state.tab === "whatIf" && change.weights) { this.drawTrial(); return; }
    if ("cells" in change && state.tab === "whatIf") return;
    if ("values" in change && state.tab !== "place") return;
    this.drawStrip();
    this.drawTabs();
    const kept = this.body.scrollTop, focus = document.activeElement && document.activeElement.id;
    const content = { layers: () => this.layersTab(), place: () => [this.placeCard()], whatIf: () => this.whatIfTab(), about: () => this.aboutTab() }[state.tab]();
    this.body.replaceChildren(...content.filter((one) => one));
    this.body.setAttribute("aria-labelledby", "tab-" + state.tab);
    this.body.scrollTop = "tab" in change || "place" in change ? 0 : kept;
    if (focus && !document.activeElement.id) { const again = document.getElementById(focus); if (again) again.focus({ preventScroll: true }); }
  },

  drawTabs() {
    const names = this.tabs.filter((one) => one !== "place" || Object.keys(this.doc.areas).length)
      .filter((one) => one !== "about" || this.doc.about.length).filter((one) => one !== "whatIf" || this.doc.whatIf);
    const go = (step) => {
      const next = names[(names.indexOf(this.state.tab) + step + names.length) % names.length];
      this.update({ tab: next });
      document.getElementById("tab-" + next).focus();
    };
    const words = { layers: "layers", place: "area", whatIf: "whatIf", about: "about" };
    this.tabRow.replaceChildren(...names.map((name) => this.node("button", {
      type: "button", role: "tab", id: "tab-" + name, "aria-controls": "tabpanel", "aria-selected": String(this.state.tab === name),
      tabindex: this.state.tab === name ? "0" : "-1", onclick: () => this.update({ tab: name, open: true }),
      onkeydown: (event) => { if (event.key === "ArrowRight") go(1); else if (event.key === "ArrowLeft") go(-1); },
    }, this.s(words[name]))));
  },

  drawStrip() {
    const layer = this.layer();
    this.strip.replaceChildren();
    if (!layer) return;
    const rows = layer.legend.rows.filter((row) => row.code).reverse();
    this.strip.append(this.node("span", { class: "which" }, this.t(layer.title)),
      this.node("span", { class: "ramp" }, rows.map((row) => this.swatch(row.colour))),
      rows.length ? this.node("span", { class: "ends" }, this.t(rows[0].label) + " – " + this.t(rows[rows.length - 1].label)) : "");
  },

  layersTab() {
    const layer = this.layer();
    return [layer && this.legend(layer), this.layerList(), this.overlayList(), this.state.overlays.shelters && this.doc.shelters && this.reachLegend(), this.state.overlays.buildings && this.doc.buildings && this.buildingsLegend(), this.printPart()];
  },

  legend(layer) {
    const { heads, rows } = layer.legend;
    const bounds = rows.some((row) => this.t(row.bounds)), tried = this.triedFigures(layer);
    const table = this.node("table", { class: "legend" },
      this.node("caption", { class: "hidden" }, this.t(layer.title)),
      this.node("thead", {}, this.node("tr", {}, this.node("th", { scope: "col", class: "hidden" }, this.s("legend")),
        bounds && this.node("th", { scope: "col" }, ""), heads.map((one) => this.node("th", { scope: "col", class: "figure" }, this.t(one))))),
      this.node("tbody", {}, rows.map((row) => this.node("tr", { class: this.hidden(layer).includes(row.code) ? "off" : null },
        this.node("th", { scope: "row" }, this.classSwitch(layer, row)),
        bounds && this.node("td", { class: "bounds" }, this.t(row.bounds)),
        (tried ? tried[row.code] : row.values).map((one) => this.node("td", { class: "figure" }, this.t(one)))))));
    const slider = this.node("input", { type: "range", id: "opacity", min: "20", max: "100", step: "5",
      oninput: (event) => this.update({ opacity: Number(event.target.value) / 100 }) });
    slider.value = String(Math.round(this.state.opacity * 100));
    return this.node("section", { class: "shown" },
      this.tried && this.node("p", { class: "trial-note" }, this.s(this.follows(layer) ? "trial" : "trialNot")),
      this.node("h2", {}, this.t(layer.title), layer.given && this.node("span", { class: "badge" }, this.s("given")), layer.unverified && this.mark()),
      table, heads.length === 3 && this.unknownNote(this.unknownUnits()),
      this.node("label", { class: "slider" }, this.node("span", {}, this.s("opacity")), slider),
      layer.picture && layer.picture.cell_m > 1.2 * this.doc.cell_m && this.node("p", { class: "small" }, this.node("span", { class: "lead" }, this.s("cellSize")), this.distance(layer.picture.cell_m)),
      this.quantityNote(layer),
      layer.notes.map(([head, body]) => this.node("p", { class: "small" }, this.node("span", { class: "lead" }, this.t(head)), this.t(body))));
  },

  /* Show or hide a class on the map. */
  classSwitch(layer, row) {
    const mark = this.swatch(row.colour, row.code ? "" : layer.kind === "grid" ? "blank" : "unknown");
    if (!row.code && layer.kind === "grid") return [mark, this.t(row.label)];
    const gone = this.hidden(layer), off = gone.includes(row.code);
    const turn = () => this.update({ hidden: { ...this.state.hidden, [layer.id]: off ? gone.filter((one) => one !== row.code) : [...gone, row.code] } });
    return this.node("button", { type: "button", class: "class", id: `class-${layer.id}-${row.code}`, "aria-pressed": String(!off), title: this.s("showClass"), onclick: turn }, mark, this.t(row.label));
  },

  follows(layer) { return layer.id === "risk-units" || layer.id === "risk-grid"; },

  /* Figures of the legend under tried weights, by class: area, people where they are known, share. */
  triedFigures(layer) {
    if (!this.tried || !this.follows(layer)) return null;
    const { heads, rows } = layer.legend, sums = new Map();
    if (layer.id === "risk-units") {
      const { area_km2: areas } = this.doc.areas.units.sizes;
      this.tried.codes.forEach((code, n) => this.add(sums, code || 0, areas[n], this.peopleOf(n), n));
    } else if (this.cells && this.cells.id === layer.id) this.tally(this.cells.codes, null, sums);
    const whole = this.together(sums.values()).km2, three = heads.length === 3;
    return Object.fromEntries(rows.map(({ code }) => {
      if (!(whole > 0)) return [code, heads.map(() => "…")];
      const one = sums.get(code), area = one ? one.km2 : 0;
      return [code, [this.figure(area), ...(three ? [this.heads(one)] : []), this.share(area / whole)]];
    }));
  },

  layerList() {
    const groups = [];
    for (const layer of this.doc.layers) {
      const name = this.t(layer.group), last = groups[groups.length - 1];
      if (last && last.name === name) last.layers.push(layer); else groups.push({ name, layers: [layer] });
    }
    if (this.doc.layers.length < 2) return null;
    return this.node("div", { class: "choice", role: "radiogroup", "aria-label": this.s("layers") }, groups.map((group) =>
      this.node("fieldset", {}, this.node("legend", {}, group.name), group.layers.map((layer) => this.node("label", { class: "option" },
        this.node("input", { type: "radio", name: "layer", id: "layer-" + layer.id, checked: layer.id === this.state.layer,
          onchange: () => this.update({ layer: layer.id, place: this.kept(layer) }) }),
        this.node("span", {}, this.t(layer.title)),
        layer.given && this.node("span", { class: "badge" }, this.s("given")))))));
  },

  /* A chosen zone goes when zones go. */
  kept(layer) {
    const place = this.state.place;
    if (!place || !this.doc.areas[place.set]) return place;
    const next = layer.kind === "areas" ? layer.areas : "units";
    return place.set === next ? { ...place, here: null } : null;
  },

  overlayList() {
    const base = this.doc.base, known = {
      shelters: this.doc.shelters, names: this.doc.labels.length, townships: base.townships, roads: base.roads, buildings: this.doc.buildings, streams: base.streams,
      shade: base.shade, online: this.doc.online,
    };
    const words = { shelters: "ovShelters", names: "ovNames", townships: "ovTownships", roads: "ovRoads", buildings: "ovBuildings", streams: "ovStreams", shade: "ovShade", online: "online" };
    const names = Object.keys(known).filter((one) => known[one]);
    if (!names.length) return null;
    const list = names.map((name) => this.node("label", { class: "option" },
      this.node("input", { type: "checkbox", id: "overlay-" + name, checked: this.state.overlays[name],
        onchange: (event) => this.update({ overlays: { ...this.state.overlays, [name]: event.target.checked } }) }),
      this.node("span", {}, this.s(words[name]))));
    return this.node("fieldset", { class: "overlays" }, this.node("legend", {}, this.s("overlays")), this.node("div", { class: "two" }, list),
      this.state.overlays.online && this.doc.online && this.node("p", { class: "small" }, this.s("onlineCredit")));
  },

  aboutTab() {
    return this.doc.about.map((one) => this.node("section", { class: "about" }, this.node("h2", {}, this.t(one.title)),
      this.node("dl", {}, one.rows.map(([head, body, mark]) => [
        this.node("dt", {}, this.t(head), mark && this.node("span", { class: "badge" + (mark.warn ? " warn" : "") }, (mark.warn ? "※ " : "") + this.t(mark.text))),
        this.node("dd", {}, this.t(body)),
      ]).flat())));
  },
});
