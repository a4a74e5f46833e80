"""Open a page from the disk, with no network, and remember what it asks for."""


class Reader:
    """A page that remembers everything it asked for and complained about."""

    def __init__(self, browser, path, **settings):
        size = {"width": 1440, "height": 900}
        self.context = browser.new_context(offline=True, **({"viewport": size, "locale": "zh-CN"} | settings))
        self.page = self.context.new_page()
        self.requests, self.complaints = [], []
        self.page.on("request", lambda one: self.requests.append(one.url))
        self.page.on("console", lambda one: self.complaints.append(one.text))
        self.page.on("pageerror", lambda one: self.complaints.append(str(one)))
        self.page.on("dialog", lambda one: (self.complaints.append("dialog"), one.dismiss()))
        self.page.goto(path.as_uri())
        self.page.wait_for_selector("html[data-ready]")

    def text(self, selector):
        return self.page.locator(selector).first.inner_text()

    def until(self, expression, seconds=20):
        """Wait until something is true. (The page's policy lets a browser evaluate a text only when it is asked to.)"""
        for _ in range(20 * seconds):
            if self.page.evaluate(expression):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"not true within {seconds} s: {expression}")

    def closed_well(self, path):
        self.page.wait_for_timeout(50)
        self.context.close()
        assert [one for one in self.requests if not one.startswith("data:")] == [path.as_uri()]
        assert self.complaints == []


def click_map(page, lat, lon):
    x, y = page.evaluate(f"(p => [p.x, p.y])(Riskmap.map.latLngToContainerPoint([{lat}, {lon}]))")
    box = page.locator(".folium-map").bounding_box()
    page.mouse.click(box["x"] + x, box["y"] + y)


# Texts of the panel whose contrast with their ground is below 4.5 (WCAG 2 AA).
CONTRAST = """() => {
  const part = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = (rgb) => { const [r, g, b] = rgb.slice(0, 3).map((c) => { c /= 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const ground = (node) => { for (; node; node = node.parentElement) { const c = part(getComputedStyle(node).backgroundColor); if (c.length < 4 || c[3] > 0) return c; } return [255, 255, 255]; };
  const poor = [];
  for (const node of document.querySelectorAll(".panel *")) {
    if (![...node.childNodes].some((one) => one.nodeType === 3 && one.textContent.trim()) || !node.offsetParent) continue;
    const a = light(part(getComputedStyle(node).color)), b = light(ground(node));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) poor.push([node.className, node.textContent.slice(0, 20), ratio]);
  }
  return poor;
}"""
