/* A page for the printer: the map with its title and legend on one sheet. */
Object.assign(Riskmap, {
  sheets: { a4: [297, 210], a3: [420, 297] },

  printSheet(size) {
    const [wide, high] = this.sheets[size], rule = document.getElementById("sheet-size") || document.head.appendChild(this.node("style", { id: "sheet-size" }));
    rule.textContent = `@page { size: ${wide}mm ${high}mm; margin: 8mm; } .printing .app { width: ${wide - 17}mm; height: ${high - 17}mm; }`;
    document.documentElement.classList.add("printing");
    this.beforePrint = this.beforePrint || { bounds: this.map.getBounds(), tab: this.state.tab };
    this.update({ tab: "layers" });
    this.map.invalidateSize({ animate: false });
    this.map.fitBounds(this.beforePrint.bounds, { animate: false });
    this.drawNames();
    this.fitSheet();
  },

  /* Small enough that the legend ends on the sheet. */
  fitSheet() {
    const { body } = this, app = document.querySelector(".app").getBoundingClientRect();
    for (let part = 1; part >= 0.5; part -= 0.05) {
      body.style.zoom = part;
      if (body.getBoundingClientRect().top + body.scrollHeight * part <= app.bottom && body.scrollHeight <= body.clientHeight + 1) return;
    }
  },

  endPrint() {
    const kept = this.beforePrint;
    if (!kept) return;
    this.beforePrint = null;
    document.documentElement.classList.remove("printing");
    document.getElementById("sheet-size").textContent = "";
    this.body.style.zoom = "";
    this.map.invalidateSize({ animate: false });
    this.map.fitBounds(kept.bounds, { animate: false });
    this.update({ tab: kept.tab });
    this.drawNames();
  },

  printNow(size) { this.printSheet(size); window.print(); },

  printPart() {
    const one = (size) => this.node("button", { type: "button", class: "plain", id: "print-" + size, onclick: () => this.printNow(size) }, this.s("print") + " " + size.toUpperCase());
    return this.node("fieldset", { class: "row" }, this.node("legend", {}, this.s("printHead")), one("a4"), one("a3"));
  },
});
window.addEventListener("afterprint", () => Riskmap.endPrint());
