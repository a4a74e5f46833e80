/* Put everything together. */
Object.assign(Riskmap, {
  open(map) {
    const doc = this.doc;
    this.state.layer = doc.layers.length ? doc.layers[0].id : null;
    Object.assign(this.state.overlays, doc.overlays || {});
    this.buildBase();
    this.drawControls();
    this.buildPanel();
    this.drawLayer();
    this.drawOverlays();
    this.followPointer();
    this.followKeys();
    this.fit();
    this.quietNames(map.getZoom());
    this.drawNames();
    document.title = this.t(doc.county) + this.t(doc.title);
    if (document.fonts && document.fonts.ready) document.fonts.ready.then(() => this.drawNames());
    map.whenReady(() => document.documentElement.setAttribute("data-ready", "yes"));
  },

  /* On a phone the sheet covers the lower part of the map. */
  fit() {
    const panel = document.getElementById("panel");
    const measure = () => document.documentElement.style.setProperty("--covered", (this.narrow() ? panel.getBoundingClientRect().height : 0) + "px");
    measure();
    new ResizeObserver(measure).observe(panel);
    this.map.fitBounds(this.doc.base.bounds, { ...this.room(24), animate: false });
  },
});
