"""Members who are signed in on a served forum, and who send a form again when no answer came."""

import http.client
import time
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Flask

from forum.members.models import Member
from tests.support.browser import Browser

COOKIE = "huurdersforum"


@dataclass
class Visitor:
    """A cookie, and the token that belongs to it."""

    cookie: str
    token: str

    def post(self, port: int, path: str, **fields: str) -> int:
        """Send a form once; return the status.

        Raises:
            OSError: no answer.
            HTTPException: half an answer.
        """
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        body = urlencode({"csrf_token": self.token, **fields})
        headers = {
            "Cookie": f"{COOKIE}={self.cookie}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Referer": f"http://127.0.0.1:{port}/",
        }
        try:
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status
        finally:
            connection.close()

    def post_until_answered(self, port: int, path: str, **fields: str) -> int:
        """Send a form again and again until there is an answer, as people do."""
        for _ in range(100):
            try:
                return self.post(port, path, **fields)
            except (OSError, http.client.HTTPException):
                time.sleep(0.02)
        raise AssertionError("no answer at all")


def sign_in(app: Flask, member: Member) -> Visitor:
    """Return a member who is signed in; the cookie is good on every server with the same secret key."""
    browser = Browser(app).sign_in(member)
    token = browser.visit("/uitloggen").soup.select_one("[name=csrf_token]")
    cookie = browser.client.get_cookie(COOKIE)
    assert token is not None
    assert cookie is not None
    return Visitor(cookie.value, str(token["value"]))
