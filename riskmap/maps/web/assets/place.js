/* The story of a place: where, class, how sure, why, what to do. */
Object.assign(Riskmap, {
  chip(row, label) {
    return this.node("span", { class: "chip" }, this.swatch(row.colour, row.code ? "" : "unknown"), this.t(label || row.label));
  },

  pairs(rows) {
    const known = rows.filter((one) => one);
    if (!known.length) return null;
    return this.node("dl", { class: "facts" }, known.map(([head, body]) => [
      this.node("div", {}, this.node("dt", {}, head),
        this.node("dd", { class: body === null || body === "" ? "none" : null }, body === null || body === "" ? this.s("noData") : body)),
    ]).flat());
  },

  facts(list, n) { return this.pairs(list.map((one) => [this.t(one.title), this.fact(one, n)])); },

  section(title, ...content) {
    const filled = content.flat().filter((one) => one);
    return filled.length ? this.node("section", {}, this.node("h3", {}, title), ...filled) : null;
  },

  placeCard() {
    const place = this.state.place;
    if (!place) return this.node("p", { class: "empty" }, this.s("areaEmpty"));
    if (["shelters", "houses", "proposed"].includes(place.set)) return this.spotCard(place);
    if (place.set === "drawn") return this.drawnCard();
    if (place.set === "towns") return this.townCard(place.n);
    return this.areaCard(this.doc.areas[place.set], place);
  },

  areaCard(part, place) {
    const n = place.n, parent = part.parents && part.parents[n];
    const town = place.set === "units" ? this.townOf(n) : -1;
    const under = [parent && town < 0 && this.t(parent), place.set === "zones" ? null : part.ids[n]].filter((one) => one).join(" · ");
    return this.node("article", { class: "card" },
      this.node("h2", { tabindex: "-1", id: "place-name" }, this.t(part.names[n])),
      (under || town >= 0) && this.node("p", { class: "under" }, town >= 0 && [this.node("button", { type: "button", class: "link", id: "to-town", onclick: () => this.goToTown(town) }, this.t(parent)), under && " · "], under),
      this.riskBlock(part, place),
      part.reasons && part.reasons[n] && !this.tried && this.node("p", { class: "reason" }, this.t(part.reasons[n])),
      this.cellBlock(place),
      place.set === "units" && this.whyBlock(n),
      part.hazards && this.section(this.s("hazards"), this.hazardBars(part.hazards, n)),
      place.set === "units" && this.doc.shelters && this.shelterBlock(n),
      this.section(this.s("exposure"), this.facts(part.facts, n)),
      part.made && this.node("p", { class: "small" }, this.s("made")));
  },

  riskBlock(part, place) {
    const layer = this.doc.layers.find((one) => one.kind === "areas" && one.areas === place.set);
    if (!layer) return null;
    const row = this.legendRow(layer, this.codes(layer)[place.n]);
    const head = this.node("div", { class: "verdict" }, this.swatch(row.colour, row.code ? "" : "unknown"),
      this.node("strong", {}, this.t(row.label)),
      this.node("span", {}, this.t(layer.title)),
      layer.unverified && this.mark());
    if (!part.index) return head;
    const n = place.n, tried = this.tried, rank = tried ? this.triedRank(n) : part.rank[n], ranked = part.ranked.toLocaleString("en-US");
    return this.node("div", {}, tried && this.node("p", { class: "trial-note" }, this.s("trial")), head, this.pairs([
      [this.s("index"), tried ? this.figure(tried.index[n]) : part.index[n]],
      [this.s("rank"), rank === null ? null : rank.toLocaleString("en-US") + " / " + ranked],
      !tried && [this.s("leading"), part.leading[n] && this.t(part.leading[n])],
      [this.s("known"), part.known[n]],
      !tried && part.stable && [this.s("stable"), part.stable[n] && this.t(part.stable[n])],
    ]));
  },

  triedRank(n) {
    const { index } = this.tried, own = index[n];
    return Number.isNaN(own) ? null : 1 + index.reduce((above, one) => above + (one > own), 0);
  },

  /* Why this class: what each hazard and each object adds to the index. */
  whyBlock(n) {
    return this.doc.whatIf ? this.whyOf(this.parts(n)) : null;
  },

  whyOf(found) {
    const part = this.doc.whatIf, whole = found.themes.reduce((sum, one) => sum + (one || 0), 0);
    if (!(whole > 0)) return null;
    const bars = (side) => {
      const rows = part[side].map((one, k) => ({ one, value: found[side][k] })).sort((a, b) => b.value - a.value);
      return this.node("ul", { class: "bars why" }, rows.map(({ one, value }) => {
        const fill = this.node("span", { class: "fill" });
        fill.style.width = Math.max(1, (100 * value) / rows[0].value) + "%";
        return this.node("li", {}, this.node("span", { class: "what" }, this.t(one.title)), this.node("span", { class: "track" }, fill),
          this.node("span", { class: "label" }, Math.round((100 * value) / whole) + "%"));
      }));
    };
    return this.section(this.s("why"), this.node("p", { class: "small" }, this.s("whyThemes")), bars("themes"),
      this.node("p", { class: "small" }, this.s("whyObjects")), bars("objects"));
  },

  cellBlock(place) {
    const here = place.here, layer = this.layer();
    if (!here) return null;
    const where = `${here.lat.toFixed(4)}°N ${here.lng.toFixed(4)}°E`;
    if (here.code === null || !layer || layer.kind !== "grid") return null;
    return this.section(this.s("cell"), this.node("p", { class: "here" },
      this.chip(this.legendRow(layer, here.code)), this.node("span", { class: "muted" }, this.t(layer.title) + " · " + where)),
      this.pairs([...this.quantityRows(layer, here), this.valueAt(here) === null ? null : [this.valueTitle(), this.valueWords(this.valueAt(here))]]));
  },

  hazardBars(hazards, n) {
    const rows = hazards.map((one) => ({ one, code: one.codes[n], score: one.scores[n] }));
    rows.sort((a, b) => (b.score === null ? -1 : b.score) - (a.score === null ? -1 : a.score));
    return this.node("ul", { class: "bars" }, rows.map(({ one, code, score }) => {
      const fill = this.node("span", { class: "fill" });
      fill.style.width = (score === null ? 0 : Math.max(2, Math.min(1, score) * 100)) + "%";
      fill.style.background = code ? one.colours[code - 1] : "#c8c8c4";
      const label = code ? this.t(one.labels[code - 1]) : this.s("noData");
      return this.node("li", {},
        this.node("span", { class: "what" }, this.t(one.title), one.given && this.node("span", { class: "badge" }, this.s("given"))),
        this.node("span", { class: "track" + (score === null ? " none" : "") }, fill),
        this.node("span", { class: "label" + (code ? "" : " none") }, label));
    }));
  },

  mark() { return this.node("span", { class: "badge warn", title: this.s("unverifiedHelp") }, "※ " + this.s("unverified")); },

  /* Search by name (both languages) or code. */
  matches(text) {
    const wanted = text.trim().toLowerCase(), found = [];
    if (!wanted) return found;
    for (const set of Object.keys(this.doc.areas)) {
      const part = this.doc.areas[set];
      part.names.forEach((name, n) => {
        const words = (Array.isArray(name) ? name : [name]).map((one) => one.toLowerCase());
        const place = words.some((one) => one.startsWith(wanted)) || part.ids[n].startsWith(wanted) ? 0
          : words.some((one) => one.includes(wanted)) ? 1 : null;
        if (place !== null) found.push({ set, n, place });
      });
    }
    return [...this.towns(wanted), ...found].sort((a, b) => a.place - b.place).slice(0, 8);
  },

  searchBox() {
    const list = this.node("ul", { id: "found", role: "listbox", hidden: true, "aria-label": this.s("search") });
    let found = [], at = -1;
    const input = this.node("input", { type: "search", id: "search", role: "combobox", autocomplete: "off", "aria-controls": "found",
      "aria-expanded": "false", "aria-autocomplete": "list", placeholder: this.s("search"), "aria-label": this.s("search") });
    const nameOf = (one) => this.t((one.set === "towns" ? this.doc.towns : this.doc.areas[one.set]).names[one.n]);
    const underOf = (one) => { const part = this.doc.areas[one.set]; return one.set === "towns" ? this.s("town") : one.set === "zones" ? this.t(this.layer("zones") && this.layer("zones").title) : part.parents[one.n] ? this.t(part.parents[one.n]) : part.ids[one.n]; };
    const hide = () => { list.hidden = true; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
    const take = (n) => { const one = found[n]; if (one) { hide(); input.value = nameOf(one); if (one.set === "towns") this.goToTown(one.n); else this.goTo(one.set, one.n); } };
    const move = (step) => {
      if (!found.length) return;
      at = (at + step + found.length) % found.length;
      [...list.children].forEach((one, n) => one.setAttribute("aria-selected", n === at));
      input.setAttribute("aria-activedescendant", "found-" + at);
    };
    input.addEventListener("input", () => {
      found = this.matches(input.value);
      at = -1;
      list.replaceChildren(...found.map((one, n) =>
        this.node("li", { role: "option", id: "found-" + n, "aria-selected": "false", onmousedown: (event) => { event.preventDefault(); take(n); } },
          this.node("span", {}, nameOf(one)), this.node("span", { class: "muted" }, underOf(one)))));
      if (!found.length && input.value.trim()) list.append(this.node("li", { class: "none" }, this.s("noMatch")));
      list.hidden = !list.children.length;
      input.setAttribute("aria-expanded", String(!list.hidden));
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown") { move(1); event.preventDefault(); }
      else if (event.key === "ArrowUp") { move(-1); event.preventDefault(); }
      else if (event.key === "Enter") take(Math.max(at, 0));
      else if (event.key === "Escape") hide();
    });
    input.addEventListener("blur", hide);
    return this.node("div", { class: "search" }, input, list);
  },
});
