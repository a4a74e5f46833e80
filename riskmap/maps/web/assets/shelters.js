/* Shelters, day without a hazard or scenario: who is reached, who is left and why, where people go, what is shut, what to add. */
Object.assign(Riskmap, {
  /* The scenario that is shown; none where no one was allocated. */
  view() { return this.doc.shelters.views[this.state.scenario] || null; },

  spotOf(place) {
    const shelters = this.doc.shelters;
    if (place.set === "shelters") return shelters.places.seats[place.n];
    if (place.set === "houses") return shelters.houses.seats[place.n];
    return place.set === "proposed" ? shelters.proposed[place.n] : null;
  },

  targetName(n) {
    const { places, houses } = this.doc.shelters;
    return this.t(n < places.names.length ? places.names[n] : houses.names[n - places.names.length]);
  },

  /* Of a village: null where nothing is asked of it, else whether all is well. */
  settled(n) {
    const { demand } = this.doc.shelters, view = this.view();
    if (!this.state.scenario || !view) return demand.empty[n] ? null : demand.covered[n];
    const leaving = view.leaving[n];
    return leaving ? leaving[1] >= leaving[0] : null;
  },

  reachGroup() {
    const shelters = this.doc.shelters, group = L.layerGroup(), colours = shelters.colours, view = this.view();
    const closed = view ? view.closed : shelters.closed;
    if (closed) this.cased(closed, "lines", { color: colours.closed, weight: 2.4, opacity: 1 }).addTo(group);
    shelters.demand.seats.forEach((at, n) => {
      const good = this.settled(n);
      if (!at || good === null) return;
      L.circleMarker([at[1], at[0]], { pane: "marks", renderer: this.drawing("marks"), radius: 4.5, color: "#ffffff", weight: 1.2,
        fillColor: good ? colours.covered : colours.uncovered, fillOpacity: 1 }).on("click", (event) => {
        L.DomEvent.stopPropagation(event);
        this.choose("units", n, event.latlng);
      }).addTo(group);
    });
    shelters.places.seats.forEach((at, n) => this.spot(group, at, "shelters", n, view && view.shut.includes(n) ? "tent shut" : "tent", this.t(shelters.places.names[n])));
    const used = new Set(view ? view.flows.map((one) => one[1] - shelters.places.names.length) : []);
    shelters.houses.seats.forEach((at, n) => used.has(n) && this.spot(group, at, "houses", n, "house", this.t(shelters.houses.names[n])));
    shelters.proposed.slice(0, this.proposedShown()).forEach(([lon, lat, name], n) => this.spot(group, [lon, lat], "proposed", n, "proposed", this.s("proposed") + " " + this.t(name)));
    return group;
  },

  spot(group, at, set, n, look, name) {
    if (!at) return;
    const icon = L.divIcon({ className: "shelter", html: this.node("span", { class: look }), iconSize: [22, 20] });
    const marker = L.marker([at[1], at[0]], { pane: "shelters", icon, keyboard: true, alt: name });
    marker.on("click", (event) => { L.DomEvent.stopPropagation(event); this.choose(set, n, event.latlng); });
    marker.on("keypress", (event) => { if (event.originalEvent.key === "Enter") this.choose(set, n, null); });
    marker.on("add", () => {
      marker.getElement().setAttribute("role", "button");
      marker.getElement().setAttribute("aria-label", name);
    });
    marker.addTo(group);
  },

  reachLegend() {
    const shelters = this.doc.shelters, view = this.view();
    const symbol = (row) => row.mark === "line" ? this.node("span", { class: "stroke", style: { background: row.colour } })
      : row.mark === "point" ? this.node("span", { class: "dot", style: { background: row.colour } }) : this.node("span", { class: (row.mark === "shelter" ? "tent" : row.mark) + " small" });
    const head = (key) => this.node("th", { scope: "col", class: "figure" }, this.s(key));
    const rows = this.state.scenario && view ? this.scenarioRows(view) : shelters.legend;
    const extra = [this.zoneRow(), view && view.shut.length && { mark: "tent shut", label: this.doc.strings.shut, values: [String(view.shut.length), ""] },
      shelters.proposed.length && { mark: "proposed", label: this.doc.strings.proposed, values: [String(shelters.proposed.length), ""] }].filter((one) => one);
    const legend = this.node("table", { class: "legend" },
      this.node("thead", {}, this.node("tr", {}, this.node("th", { scope: "col" }), head("places"), head("peopleHead"))),
      this.node("tbody", {}, [...rows, ...extra].map((row) => this.node("tr", {}, this.node("th", { scope: "row" }, symbol(row), this.t(row.label)),
        [0, 1].map((n) => this.node("td", { class: "figure" }, row.values[n] === null ? this.s("noData") : this.t(row.values[n])))))));
    const scenarios = this.node("table", { class: "legend scenarios" },
      this.node("thead", {}, this.node("tr", {}, this.node("th", { scope: "col" }, this.s("scenario")), shelters.scenarioHeads.map((one) => this.node("th", { scope: "col", class: "figure" }, this.t(one))))),
      this.node("tbody", {}, shelters.scenarios.map(([title, ...figures], n) => this.node("tr", { class: n === this.state.scenario ? "here" : null },
        this.node("th", { scope: "row" }, shelters.views.length ? this.node("button", { type: "button", class: "class", id: "scenario-" + n, "aria-pressed": String(n === this.state.scenario),
          onclick: () => this.update({ scenario: n }) }, this.t(title)) : this.t(title)),
        figures.map((one) => this.node("td", { class: "figure" }, one))))));
    return this.node("section", { class: "reach" }, this.node("h2", {}, this.s("ovShelters"), shelters.unverified && this.mark()),
      view && this.node("p", { class: "small", id: "scenario-shown" }, this.node("span", { class: "lead" }, this.s("scenario")), this.t(view.title)), legend, this.zoneNote(), this.unknownNote(shelters.unknown), scenarios,
      this.node("p", { class: "small", id: "measures" }, this.t(shelters.measures)), view && this.leftOver(view), this.nextPlaces());
  },

  scenarioRows(view) {
    const { colours } = this.doc.shelters, all = Object.values(view.leaving), line = (good) => {
      const some = all.filter((one) => (one[1] >= one[0]) === good);
      return [String(some.length), this.figure(some.reduce((sum, one) => sum + (good ? one[0] : one[0] - one[1]), 0), true)];
    };
    return [{ mark: "point", colour: colours.covered, label: this.doc.strings.placed, values: line(true) },
      { mark: "point", colour: colours.uncovered, label: this.doc.strings.notPlaced, values: line(false) },
      view.closed && { mark: "line", colour: colours.closed, label: this.doc.strings.closedRoads, values: ["", ""] }].filter((one) => one);
  },

  /* How many proposed places the map and the list have: few on a phone, until all are asked for. */
  proposedShown() {
    const { proposed } = this.doc.shelters;
    return this.narrow() && !this.everyProposed ? Math.min(5, proposed.length) : proposed.length;
  },

  showEveryProposed() {
    this.everyProposed = true;
    if (this.reach) { this.reach.remove(); this.reach = null; }
    this.drawOverlays();
  },

  /* A list of which the first are shown, and all on demand. */
  longList(rows, { first = 12, onAll } = {}) {
    const list = this.node("ul", {}, rows.slice(0, first)), rest = rows.slice(first);
    if (!rest.length) return list;
    const more = this.node("button", { type: "button", class: "link all", onclick: () => {
      list.append(...rest);
      more.remove();
      if (onAll) onAll();
      rest[0].querySelector("button").focus();
    } }, `${this.t(this.doc.shelters.words.all)} ${rows.length}`);
    return this.node("div", {}, list, more);
  },

  goToSpot(set, n) {
    const [lon, lat] = this.spotOf({ set, n });
    this.map.setView([lat, lon], Math.max(13, this.map.getZoom()), { animate: !this.still() });
    this.choose(set, n, null);
  },

  /* Where the next shelters belong, the best first, and why no more of them help. */
  nextPlaces() {
    const { proposed, proposedNotes, words } = this.doc.shelters;
    if (!proposed.length && !proposedNotes.length) return null;
    return this.node("section", { class: "left-over", id: "next-places" }, this.node("h3", {}, `${this.s("proposed")} ${proposed.length}`),
      proposedNotes.map((one) => this.node("p", { class: "small" }, this.t(one))),
      proposed.length > 0 && this.longList(proposed.map(([, , name, , people, part, land], n) => this.node("li", {},
        this.node("button", { type: "button", class: "link", onclick: () => this.goToSpot("proposed", n) }, `${n + 1} ${this.t(name)}`),
        this.node("span", { class: "muted" }, `${this.t(words.after)} ${part}%` + (this.lang === "zh" ? "，" : ", ") + `${this.figure(land, true)} m²`),
        this.node("span", { class: "figure" }, "+" + this.figure(people, true)))), { first: Math.min(12, this.proposedShown()), onAll: () => this.showEveryProposed() }));
  },

  /* Villages with people left over, by number, each with its reason. */
  leftOver(view) {
    const names = this.doc.areas.units.names, reasons = this.doc.shelters.left;
    const rows = Object.entries(view.leaving).map(([n, [people, placed, reason]]) => ({ n: Number(n), left: people - placed, reason })).filter((one) => one.left > 0).sort((a, b) => b.left - a.left);
    if (!rows.length) return null;
    return this.node("section", { class: "left-over" }, this.node("h3", {}, `${this.s("notPlacedList")} ${rows.length}`), this.longList(rows.map((one) =>
      this.node("li", {}, this.node("button", { type: "button", class: "link", onclick: () => this.goTo("units", one.n) }, this.t(names[one.n])),
        this.node("span", { class: "muted" }, this.t(reasons[one.reason]) || one.reason), this.node("span", { class: "figure" }, this.figure(one.left, true))))));
  },

  shelterBlock(n) {
    const { demand, colours } = this.doc.shelters;
    if (demand.covered[n] === null) return this.section(this.s("shelterPart"), this.node("p", { class: "none" }, this.s("noData")));
    if (this.state.scenario && this.view()) return this.scenarioBlock(n, this.view());
    const good = demand.covered[n], none = demand.empty[n], reason = demand.reason[n], words = this.t(demand.reasons[reason]) || this.s(good ? "covered" : "uncovered");
    const hint = demand.hints[reason];
    return this.section(this.s("shelterPart"), this.statusLine(none ? "#9aa0a6" : good ? colours.covered : colours.uncovered, none || good ? words : this.s("uncovered") + this.colon() + words),
      this.pairs(this.nearestRows(n)), hint && this.node("p", { class: "advice" }, this.t(hint)), this.flowList(n));
  },

  /* The nearest shelter and the way to it, on a day without a hazard. */
  nearestRows(n, shut = []) {
    const { demand, places, words } = this.doc.shelters, nearest = demand.nearest[n];
    return [
      [this.s("nearest"), nearest === null ? null : this.t(places.names[nearest]) + (shut.includes(nearest) ? this.brackets(this.s("shut")) : "")],
      [this.s("toShelter"), this.fact(demand.minutes, n)],
      [this.s("byRoad"), this.fact(demand.way, n)],
      [this.t(words.radius), this.fact(demand.radius, n)],
      [this.s("straight"), this.fact(demand.straight, n)],
    ];
  },

  brackets(words) { return this.lang === "zh" ? `（${words}）` : ` (${words})`; },

  /* Coverage without a hazard, told beside what a scenario asks of a village. */
  usualPart(n, view) {
    const { demand } = this.doc.shelters, good = demand.covered[n], reason = this.t(demand.reasons[demand.reason[n]]);
    const words = good || demand.empty[n] ? reason || this.s("covered") : this.s("uncovered") + (reason ? this.colon() + reason : "");
    return this.pairs([[this.s("usual"), words], ...this.nearestRows(n, view.shut)]);
  },

  colon() { return this.lang === "zh" ? "：" : ": "; },

  statusLine(colour, words) {
    return this.node("p", { class: "status" }, this.node("span", { class: "dot", style: { background: colour } }), this.node("strong", {}, words));
  },

  scenarioBlock(n, view) {
    const leaving = view.leaving[n], { colours, demand, left } = this.doc.shelters, title = this.s("shelterPart") + this.colon() + this.t(view.title);
    if (!leaving) return this.section(title, this.statusLine("#9aa0a6", this.s("nobodyLeaves")), this.usualPart(n, view));
    const [people, placed, reason] = leaving, good = placed >= people, hint = demand.hints[reason];
    return this.section(title, this.statusLine(good ? colours.covered : colours.uncovered, good ? this.s("placed") : this.s("notPlaced") + this.colon() + (this.t(left[reason]) || reason)),
      this.pairs([[this.s("toMove"), this.figure(people, true)], [this.s("placed"), this.figure(placed, true)]]), !good && hint && this.node("p", { class: "advice" }, this.t(hint)), this.flowList(n), this.usualPart(n, view));
  },

  /* Where the people of a village go; the ways are drawn while it is chosen. */
  flowList(n) {
    const view = this.view(), rows = view ? view.flows.filter((one) => one[0] === n) : [];
    if (!rows.length) return null;
    return this.node("div", { class: "flows" }, this.node("p", { class: "small" }, this.s("goesTo")), this.node("ul", {}, rows.map(([, target, people, minutes]) =>
      this.node("li", {}, this.node("span", {}, this.targetName(target)), this.node("span", { class: "figure" }, this.figure(people, true) + " " + this.s("peopleUnit")),
        this.node("span", { class: "figure" }, minutes === null ? "" : this.figure(minutes) + " " + this.s("minutesUnit"))))));
  },

  drawWays(place) {
    if (this.waysShown) { this.waysShown.remove(); this.waysShown = null; }
    const view = this.doc.shelters && this.view();
    if (!this.doc.shelters || !place || place.set !== "units") return;
    if (!this.state.scenario || !view) this.drawNearest(place.n);
    if (this.waysShown || !view) return;
    const shapes = view.flows.map((one, k) => (one[0] === place.n ? view.ways[k] : null)).filter((one) => one);
    if (shapes.length) this.waysShown = L.layerGroup(shapes.map((one) => this.lines(one, "county", { color: "#0b4f8a", weight: 3, dashArray: "2 6", lineCap: "round" }))).addTo(this.map);
  },

  /* A line from a village that is not covered to the shelter that is nearest by road. */
  drawNearest(n) {
    const { demand, places, colours } = this.doc.shelters, from = demand.seats[n], to = demand.nearest[n] === null ? null : places.seats[demand.nearest[n]];
    if (demand.covered[n] !== false || demand.empty[n] || !from || !to) return;
    this.waysShown = this.cased({ type: "LineString", coordinates: [from.slice(0, 2), to.slice(0, 2)] }, "county", { color: colours.uncovered, weight: 3, dashArray: "7 5" }).addTo(this.map);
  },

  spotCard({ set, n }) {
    const { places, houses, proposed } = this.doc.shelters, { words } = this.doc.shelters, [, , name, first, people, part, land] = set === "proposed" ? proposed[n] : [];
    const card = { shelters: [places.names[n], "shelterPart"], houses: [houses.names[n], "safeHouse"], proposed: [name, "proposed"] }[set];
    const facts = set === "shelters" ? this.facts(places.facts.filter((one) => one.values.some((value) => value !== null)), n)
      : set === "houses" ? this.pairs([[this.s("room"), houses.room[n] === null ? null : this.figure(houses.room[n], true)]])
        : this.pairs([[this.t(words.adds), this.figure(people, true)], [this.t(words.share), `${part}%`], [this.t(words.land), `${this.figure(land, true)} m²`]]);
    return this.node("article", { class: "card" }, this.node("h2", { tabindex: "-1", id: "place-name" }, this.t(card[0])),
      this.node("p", { class: "under" }, this.s(card[1]), first && " ", first && this.node("span", { class: "badge" }, this.s("firstToAdd"))), facts);
  },
});
