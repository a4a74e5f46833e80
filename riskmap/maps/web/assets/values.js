/* Quantities of the cells: the value under a place, in its unit, as exactly as the page carries it. */
Object.assign(Riskmap, {
  /* Quantities of a layer, the one that its classes cut first. */
  quantities(layer) { return (layer && this.doc.values && this.doc.values.layers[layer.id]) || []; },

  readQuantity(one) {
    one.read = one.read || this.band(one.png, this.doc.values.size).then((codes) => (one.codes = codes));
    return one.read;
  },

  /* Steps of a quantity under a place; null outside, or while its picture is being opened. */
  stepAt(one, at) {
    if (!one.codes) { this.readQuantity(one).then(() => { this.tell(this.pointed); this.drawPanel({ values: true }); }); return null; }
    const { size: [wide, high] } = this.doc.values, [x, y] = this.pixelOf(at, this.doc.values).map(Math.floor);
    return x < 0 || y < 0 || x >= wide || y >= high ? null : one.codes[y * wide + x];
  },

  /* A number with no more decimals than its step has. */
  stepped(value, step) {
    const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    return value.toLocaleString("en-US", { maximumFractionDigits: digits });
  },

  /* Half a step has one decimal more. */
  half(one) { return this.stepped(one.step / 2, one.step / 10); },

  /* The value under a place as text: exact nought, a trace, or about so much; null unknown. */
  quantityText(one, at, exact) {
    const step = this.stepAt(one, at), unit = this.t(one.unit);
    if (step === null || step === 255) return null;
    if (step === 254) return `< ${this.half(one)}${unit}`;
    const value = one.low + step * one.step, text = this.stepped(value, one.step);
    if (step === 0 && one.low === 0) return text + unit;
    return exact ? `${text} ± ${this.half(one)}${unit}` : this.s("roughly") + text + unit;
  },

  quantityRows(layer, at) { return this.quantities(layer).map((one) => [this.t(one.title), this.quantityText(one, at, true)]); },

  /* What the pointer tells, and how exactly. */
  quantityNote(layer) {
    const [one] = this.quantities(layer);
    if (!one) return null;
    const unit = this.t(one.unit), words = this.s("valueNote").replace("{title}", this.t(one.title)).replace("{step}", this.stepped(one.step, one.step) + unit).replace("{half}", this.half(one) + unit);
    return this.node("p", { class: "small value-note" }, this.node("span", { class: "lead" }, this.s("valueHead")), words);
  },
});
