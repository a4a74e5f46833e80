"use strict";
/* State, words and elements. Text from data only ever becomes a text node. */
const Riskmap = {
  lang: "zh",
  state: {
    layer: null, opacity: 0.8, tab: "layers", place: null, open: false, weights: null, hidden: {}, drawn: null, scenario: 0,
    overlays: { shade: true, townships: true, names: true, streams: true, roads: false, buildings: false, shelters: false, online: false },
  },

  t(text) {
    if (text === null || text === undefined) return "";
    return Array.isArray(text) ? text[this.lang === "zh" ? 0 : 1] : String(text);
  },

  s(key) { return this.t(this.doc.strings[key]); },

  node(tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
      else if (key === "style") Object.assign(made.style, value);
      else if (key === "value" || key === "checked") made[key] = value;
      else made.setAttribute(key, value === true ? "" : value);
    }
    for (const child of children.flat()) {
      if (child === null || child === undefined || child === false || child === "") continue;
      made.append(child instanceof Node ? child : document.createTextNode(String(child)));
    }
    return made;
  },

  layer(id) { return this.doc.layers.find((one) => one.id === (id || this.state.layer)) || null; },

  legendRow(layer, code) {
    return layer.legend.rows.find((row) => row.code === (code || 0)) || { colour: "#d9d9d9", label: this.doc.strings.noData, code: 0 };
  },

  /* One fact of a place as text; unknown is told as such, never as nought. */
  fact(fact, n) {
    const value = fact.values[n];
    if (value === null || value === undefined) return null;
    return this.t(value) + this.t(fact.unit);
  },

  still() { return window.matchMedia("(prefers-reduced-motion: reduce)").matches; },

  narrow() { return window.matchMedia("(max-width: 760px)").matches; },

  swatch(colour, kind) {
    const made = this.node("span", { class: "swatch " + (kind || ""), "aria-hidden": "true" });
    if (kind !== "unknown") made.style.background = colour;
    return made;
  },

  update(change) {
    const state = this.state;
    Object.assign(state, change);
    if (["layer", "opacity", "weights", "hidden"].some((one) => one in change)) this.drawLayer();
    if ("scenario" in change && this.reach) { this.reach.remove(); this.reach = null; }
    if (["overlays", "layer", "scenario"].some((one) => one in change)) this.drawOverlays();
    if (["place", "layer", "scenario"].some((one) => one in change)) this.drawPlace();
    this.drawPanel(change);
    this.sayTrial();
  },

  setLanguage(lang) {
    this.lang = lang;
    document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
    document.title = lang === "zh" ? this.t(this.doc.county) + this.t(this.doc.title)
      : this.t(this.doc.title) + ", " + this.t(this.doc.county);
    this.buildPanel();
    this.drawNames();
    this.drawControls();
    this.drawOverlays();
  },
};
