/* Townships: found by name, outlined, and told like a village: class, index, villages by class, why, shelters. */
Object.assign(Riskmap, {
  /* Townships whose name or code fits what is looked for. */
  towns(wanted) {
    const part = this.doc.towns;
    if (!part) return [];
    return part.names.map((name, n) => {
      const words = [...(Array.isArray(name) ? name : [name]).map((one) => one.toLowerCase()), part.ids[n]];
      return { set: "towns", n, place: words.some((one) => one.startsWith(wanted)) ? 0 : words.some((one) => one.includes(wanted)) ? 1 : null };
    }).filter((one) => one.place !== null);
  },

  /* The township of a unit; -1 for none. */
  townOf(n) { return this.doc.towns ? this.doc.towns.members.findIndex((all) => all.includes(n)) : -1; },

  goToTown(n) {
    const shapes = this.doc.areas.units.shapes, all = this.doc.towns.members[n].map((k) => shapes[k]).filter((one) => one);
    this.update({ open: true });
    if (all.length) this.map.fitBounds(L.geoJSON(all).getBounds(), { ...this.room(40), animate: !this.still() });
    this.choose("towns", n, null);
  },

  /* Edges of its units that no two of them share. */
  townOutline(n) {
    const edges = new Map(), rings = (nest) => (typeof nest[0][0] === "number" ? [nest] : nest.flatMap(rings));
    for (const k of this.doc.towns.members[n]) {
      const shape = this.doc.areas.units.shapes[k];
      if (!shape || !shape.type.endsWith("Polygon")) continue;
      for (const ring of rings(shape.coordinates)) {
        for (let k = 1; k < ring.length; k += 1) {
          const key = [ring[k - 1], ring[k]].map(String).sort().join(" ");
          if (edges.has(key)) edges.delete(key);
          else edges.set(key, [ring[k - 1], ring[k]].map(([lon, lat]) => [lat, lon]));
        }
      }
    }
    return L.polyline([...edges.values()], { pane: "county", renderer: this.drawing("county"), color: "#0b4f8a", weight: 3.2, interactive: false });
  },

  /* Its units, each with its weight in the mean: people, or area where people are unknown or none. */
  townWeights(n) {
    const { people, area_km2: areas } = this.doc.areas.units.sizes, members = this.doc.towns.members[n];
    const byPeople = people.length && members.every((k) => people[k] !== null) && members.some((k) => people[k] > 0);
    return members.map((k) => [k, byPeople ? people[k] : areas[k]]);
  },

  townMean(n, value) {
    let sum = 0, weight = 0;
    for (const [k, w] of this.townWeights(n)) {
      const one = value(k);
      if (one === null || Number.isNaN(one)) continue;
      sum += one * w;
      weight += w;
    }
    return weight > 0 ? sum / weight : NaN;
  },

  townCard(n) {
    const part = this.doc.towns;
    return this.node("article", { class: "card" },
      this.node("h2", { tabindex: "-1", id: "place-name" }, this.t(part.names[n])),
      this.node("p", { class: "under" }, `${this.s("town")} · ${part.ids[n]}`),
      this.townRisk(n), this.townClasses(n), this.townWhy(n),
      part.hazards && part.hazards.length > 0 && this.section(this.s("hazards"), this.hazardBars(part.hazards, n)),
      this.doc.shelters && this.townShelters(n),
      this.section(this.s("exposure"), this.facts(part.facts, n)));
  },

  townRisk(n) {
    const part = this.doc.towns, layer = this.layer("risk-units"), tried = this.tried;
    if (!part.index || !layer) return null;
    const index = tried ? this.townMean(n, (k) => tried.index[k]) : null;
    const row = this.legendRow(layer, tried ? this.codeOf(index, this.doc.whatIf.edges) : part.codes[n]);
    return this.node("div", {}, tried && this.node("p", { class: "trial-note" }, this.s("trial")),
      this.node("div", { class: "verdict" }, this.swatch(row.colour, row.code ? "" : "unknown"), this.node("strong", {}, this.t(row.label)),
        this.node("span", {}, this.s("risk")), layer.unverified && this.mark()),
      this.pairs([
        [this.t(part.words.mean), tried ? this.figure(index) : part.index[n]],
        !tried && [this.t(part.words.rank), part.rank[n] === null ? null : `${part.rank[n]} / ${part.ranked}`],
        this.worstUnit(n),
        !tried && [this.s("leading"), part.leading[n] && this.t(part.leading[n])],
        [this.s("known"), part.known[n]],
      ]));
  },

  worstUnit(n) {
    const { index, rank } = this.doc.areas.units, rankOf = (k) => (this.tried ? this.triedRank(k) : rank[k]);
    const known = this.doc.towns.members[n].filter((k) => rankOf(k) !== null);
    if (!known.length) return null;
    const worst = known.reduce((a, b) => (rankOf(b) < rankOf(a) ? b : a));
    return [this.t(this.doc.towns.words.worst), this.node("span", {}, this.unitLink(worst), " " + (this.tried ? this.figure(this.tried.index[worst]) : index[worst]))];
  },

  unitLink(k) { return this.node("button", { type: "button", class: "link", onclick: () => this.goTo("units", k) }, this.t(this.doc.areas.units.names[k])); },

  /* Its units, and their people, by class. */
  townClasses(n) {
    const layer = this.layer("risk-units"), part = this.doc.towns, sums = new Map(), counts = new Map();
    if (!layer) return null;
    const codes = this.codes(layer), { area_km2: areas, people } = this.doc.areas.units.sizes;
    for (const k of part.members[n]) {
      const code = codes[k] || 0;
      this.add(sums, code, areas[k], this.peopleOf(k), k);
      counts.set(code, (counts.get(code) || 0) + 1);
    }
    const head = (words) => this.node("th", { scope: "col", class: "figure" }, words), whole = this.together(sums.values());
    return this.section(this.t(part.words.classes), this.node("table", { class: "legend", id: "town-classes" },
      this.node("thead", {}, this.node("tr", {}, this.node("th", { scope: "col" }), head(this.t(part.words.count)), people.length > 0 && head(this.s("peopleHead")))),
      this.node("tbody", {}, layer.legend.rows.filter((row) => counts.has(row.code)).map((row) => this.node("tr", {},
        this.node("th", { scope: "row" }, this.swatch(row.colour, row.code ? "" : "unknown"), this.t(row.label)),
        this.node("td", { class: "figure" }, String(counts.get(row.code))), people.length > 0 && this.node("td", { class: "figure" }, this.heads(sums.get(row.code))))))),
      people.length > 0 && this.unknownNote(whole.unknown.size));
  },

  /* What each hazard and each object adds to the index of the township. */
  townWhy(n) {
    if (!this.doc.whatIf) return null;
    const all = new Map(this.doc.towns.members[n].map((k) => [k, this.parts(k)]));
    const mean = (side) => this.doc.whatIf[side].map((_, m) => this.townMean(n, (k) => all.get(k)[side][m]) || 0);
    return this.whyOf({ themes: mean("themes"), objects: mean("objects") });
  },

  townShelters(n) {
    const view = this.state.scenario ? this.view() : null, part = this.doc.towns;
    if (!view) return this.section(this.s("shelterPart"), this.facts(part.shelters, n));
    const leaving = part.members[n].map((k) => view.leaving[k]).filter((one) => one), sum = (of) => leaving.reduce((total, one) => total + of(one), 0);
    const title = this.s("shelterPart") + this.colon() + this.t(view.title);
    if (!leaving.length) return this.section(title, this.statusLine("#9aa0a6", this.s("nobodyLeaves")));
    return this.section(title, this.pairs([[this.s("toMove"), this.figure(sum((one) => one[0]), true)], [this.s("placed"), this.figure(sum((one) => one[1]), true)],
      [this.t(part.words.left), this.figure(sum((one) => one[0] - one[1]), true)]]));
  },
});
