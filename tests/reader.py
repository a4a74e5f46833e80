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

    def closed_well(self, path):
        self.page.wait_for_timeout(50)
        self.context.close()
        assert [one for one in self.requests if not one.startswith("data:")] == [path.as_uri()]
        assert self.complaints == []


def click_map(page, lat, lon):
    x, y = page.evaluate(f"(p => [p.x, p.y])(Riskmap.map.latLngToContainerPoint([{lat}, {lon}]))")
    box = page.locator(".folium-map").bounding_box()
    page.mouse.click(box["x"] + x, box["y"] + y)
