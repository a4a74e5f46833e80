/* Sums over places by class. People that nobody knows are told as such, never added as nought. */
Object.assign(Riskmap, {
  /* Add a place: its people are null where unknown; `unit` tells of whom. */
  add(sums, code, km2, people, unit) {
    const one = sums.get(code) || { km2: 0, people: 0, known: false, unknown: new Set() };
    sums.set(code, one);
    one.km2 += km2;
    if (people === null) one.unknown.add(unit);
    else { one.people += people; one.known = true; }
  },

  /* Sums of several classes as one. */
  together(all) {
    const whole = { km2: 0, people: 0, known: false, unknown: new Set() };
    for (const one of all) {
      whole.km2 += one.km2;
      whole.people += one.people;
      whole.known = whole.known || one.known;
      one.unknown.forEach((unit) => whole.unknown.add(unit));
    }
    return whole;
  },

  /* People of a sum as text: no data where places are in it and none of them knows its people. */
  heads(sum) { return this.figure(sum && sum.unknown.size && !sum.known ? null : sum ? sum.people : 0, true); },

  /* How many places are left out of a sum of people; empty where all are known. */
  unknownWords(count) {
    return count ? this.s("unknownPeople").replace("{n}", count.toLocaleString("en-US")).replace("{which}", this.s(count === 1 ? "unit" : "units")) : "";
  },

  unknownNote(count) { return count ? this.node("p", { class: "small unknown-people" }, this.unknownWords(count)) : null; },

  /* People of a unit; null unknown, nought where the page tells of no people at all. */
  peopleOf(n) {
    const sizes = this.doc.areas.units && this.doc.areas.units.sizes;
    return sizes && sizes.people.length ? sizes.people[n] : 0;
  },

  /* Units of the page without a figure of people. */
  unknownUnits() {
    const sizes = this.doc.areas.units && this.doc.areas.units.sizes;
    return sizes ? sizes.people.filter((one) => one === null).length : 0;
  },

  /* A share in per cent, as the run writes it: what is not nought is never shown as 0 %. */
  share(part) {
    if (part > 0 && part < 0.0005) return "<0.1%";
    return Number((100 * part).toFixed(1)) + "%";
  },
});
