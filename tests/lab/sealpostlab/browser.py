# SPDX-License-Identifier: GPL-3.0-or-later
"""A browser without a window: follows redirects, keeps cookies, and fills in a provider's forms as a
person would who agrees to everything."""

import ssl
import urllib.parse
import urllib.request
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from pathlib import Path

LOOPBACK = "http://127.0.0.1:"
MOST_PAGES = 12
SECONDS = 30


class _Form(HTMLParser):
    """The first form of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.action: str | None = None
        self.fields: dict[str, str] = {}
        self._inside = False

    def handle_starttag(self, tag, attrs) -> None:
        known = dict(attrs)
        if tag == "form" and self.action is None:
            self.action = known.get("action") or ""
            self._inside = True
        elif tag == "input" and self._inside and known.get("name"):
            self.fields[known["name"]] = known.get("value") or ""

    def handle_endtag(self, tag) -> None:
        if tag == "form":
            self._inside = False


class _StopBefore(urllib.request.HTTPRedirectHandler):
    """Does not go back to the program; says where it would have gone."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):
        if newurl.startswith(LOOPBACK):
            raise _Back(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class _Back(Exception):
    """Where the provider sends the person back to."""


class Browser:
    def __init__(self, ca_file: Path, login: str):
        self.login = login
        context = ssl.create_default_context(cafile=str(ca_file))
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context),
            urllib.request.HTTPCookieProcessor(CookieJar()), _StopBefore())

    def sign_in(self, url: str, **typed: str) -> str:
        """Until there is nothing to fill in any more; where the provider sends back to, or, where
        it does not, the last page."""
        data = None
        for _ in range(MOST_PAGES):
            try:
                with self._opener.open(url, data, timeout=SECONDS) as answer:
                    page = answer.read().decode()
                    url = answer.geturl()
            except _Back as back:
                return str(back)
            form = _Form()
            form.feed(page)
            if form.action is None:
                return page
            fields = form.fields | {name: value for name, value in
                                    {"login": self.login, "password": "any", **typed}.items()
                                    if name in form.fields}
            url = urllib.parse.urljoin(url, form.action)
            data = urllib.parse.urlencode(fields).encode()
        raise AssertionError(f"the provider asks on and on: {url}")

    def open(self, url: str) -> str:
        with self._opener.open(url, timeout=SECONDS) as answer:
            return answer.read().decode()
