"""Reads a page as a browser would: what it asks for, what it says."""

import re
from html.parser import HTMLParser


class Page(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.addresses, self.words = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.addresses += [value for name, value in attrs if name in {"src", "href", "action", "srcset", "poster"}]
        assert not any(name.startswith("on") for name, _ in attrs)

    def handle_data(self, data):
        if self.tags and self.tags[-1] != "style":  # letters of a packed typeface are no words
            self.words.append(data)


def offline(text):
    page = Page(text)
    css = re.findall(r"url\(([^)]*)\)", text)
    assert all(one.startswith(("data:", "#")) for one in page.addresses)
    assert all(one.startswith("data:") for one in css)
    assert "@import" not in text
    return page
