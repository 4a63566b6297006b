"""A visitor without JavaScript: follows links, fills in the real forms, and checks every page."""

import contextvars
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from bs4 import BeautifulSoup, Tag
from flask import Flask

from forum.accounts import service as accounts
from forum.kernel.clock import now
from forum.kernel.database import db, unit_of_work
from forum.members.models import Member

PASSWORD = "drie gele fietsen"
FIELDS = ("input", "textarea", "select")
REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True)
class Page:
    """An answer, read."""

    status: int
    path: str
    html: str
    soup: BeautifulSoup
    headers: dict[str, str]

    @property
    def text(self) -> str:
        """Return the words on the page, parted by single spaces."""
        return " ".join(self.soup.get_text(" ").split())

    @property
    def title(self) -> str:
        """Return the title of the page."""
        return self.soup.title.get_text() if self.soup.title else ""

    @property
    def token(self) -> str:
        """Return the token of the forms on the page."""
        field = self.soup.select_one("[name=csrf_token]")
        assert field is not None, f"no form with a token on {self.path}"
        return str(field["value"])

    def has_link(self, label: str) -> bool:
        """Tell whether there is a link with these words in it."""
        return any(label in link.get_text(" ") for link in self.soup.find_all("a"))

    def has_button(self, label: str) -> bool:
        """Tell whether there is a button with these words in it."""
        return any(label in button.get_text(" ") for button in self.soup.find_all("button"))

    def link(self, label: str) -> str:
        """Return the address of the first link with these words."""
        found = next((link for link in self.soup.find_all("a") if label in link.get_text(" ")), None)
        assert found is not None, f"no link {label!r} on {self.path}"
        return str(found["href"])


class Browser:
    """One visitor with their cookies."""

    def __init__(self, app: Flask) -> None:
        """Start with an empty cookie jar."""
        self.app = app
        self.client = app.test_client()

    def another(self) -> "Browser":
        """Return another visitor of the same forum."""
        return Browser(self.app)

    def sign_in(self, member: Member) -> "Browser":
        """Sign a member in as the page does for who has the password, which they get first."""
        with unit_of_work():
            account = accounts.set_password(db.session.get_one(Member, member.id), PASSWORD, at=now())
            token = accounts.sign_in(account, at=now())
        contextvars.Context().run(self._put_in_cookie, token)
        return self

    def sign_in_with_form(self, member: Member) -> "Browser":
        """Sign a member in through the page, giving them a password first."""
        name = member.email or member.number or ""
        with unit_of_work():
            accounts.set_password(db.session.get_one(Member, member.id), PASSWORD, at=now())
        page = self.submit(self.visit("/inloggen"), "Inloggen", email=name, password=PASSWORD)
        assert page.status == 200, page.text
        return self

    def _put_in_cookie(self, token: str) -> None:
        with self.client.session_transaction() as cookie:
            cookie.clear()
            cookie.update({"_user_id": token, "_permanent": True})

    def visit(self, path: str, *, follow: bool = True) -> Page:
        """Open a page, following redirects."""
        return self._page(self._send("get", path), follow=follow)

    def post(self, path: str, *, follow: bool = True, **fields: Any) -> Page:
        """Send fields without a page, as a script would."""
        return self._page(self._send("post", path, data=fields), follow=follow)

    def submit(self, page: Page, button: str, *, follow: bool = True, **fields: Any) -> Page:
        """Fill in the form that holds this button, all its hidden fields as they are, and press the button.

        `button` is the text on it, its name, or its value.
        """
        form, pressed = _find_form(page, button)
        values: dict[str, Any] = _standing_values(form)
        for name in fields:
            assert form.find(attrs={"name": name}), f"the form of {button!r} has no field {name!r}"
        values.update(fields)
        if pressed.get("name"):
            values[str(pressed["name"])] = str(pressed.get("value", ""))
        action = urljoin(page.path, str(pressed.get("formaction") or form.get("action") or page.path))
        if str(form.get("method", "get")).lower() == "get":
            return self._page(self._send("get", action, query_string=values), follow=follow)
        return self._page(self._send("post", action, data=values), follow=follow)

    def _send(self, method: str, path: str, **fields: Any) -> Any:
        """Send a request outside the application context of the test, as a server would receive it."""
        db.session.rollback()
        return contextvars.Context().run(getattr(self.client, method), path, **fields)

    def _page(self, answer: Any, *, follow: bool) -> Page:
        hops = 0
        while follow and answer.status_code in REDIRECTS:
            hops += 1
            assert hops < 10, "redirects without end"
            answer = self._send("get", urljoin(answer.request.path, answer.headers["Location"]))
        body = answer.get_data(as_text=True) if "text/" in (answer.content_type or "") else ""
        path = answer.request.full_path.rstrip("?")
        page = Page(answer.status_code, path, body, BeautifulSoup(body, "html.parser"), dict(answer.headers))
        if "text/html" in (answer.content_type or "") and answer.status_code not in {204, *REDIRECTS}:
            check_page(page)
        db.session.rollback()
        return page


def check_page(page: Page) -> None:
    """Check what every page owes its visitors: a heading, a title, labels, tokens, nothing inline."""
    where = page.path
    tags = [tag for tag in page.soup.descendants if isinstance(tag, Tag)]
    assert [tag.name for tag in tags].count("h1") == 1, f"{where}: not exactly one h1"
    assert page.title.strip(), f"{where}: no title"
    assert page.headers.get("Content-Security-Policy"), f"{where}: no CSP"
    _check_ids(where, tags)
    _check_fields(where, tags)
    _check_forms(where, tags)
    _check_menu(page)
    for tag in tags:
        _check_nothing_inline(where, tag)
        if tag.name == "time" and "datetime" in tag.attrs:
            assert "." not in str(tag["datetime"]), f"{where}: HTML knows no {tag['datetime']}"


def _check_ids(where: str, tags: Sequence[Tag]) -> None:
    ids = Counter(str(tag.attrs["id"]) for tag in tags if "id" in tag.attrs)
    doubles = {name for name, times in ids.items() if times > 1}
    assert not doubles, f"{where}: ids stand twice: {doubles}"
    for tag in tags:
        for attribute in ("aria-describedby", "aria-labelledby", "for"):
            if attribute in tag.attrs:
                missing = set(str(tag.attrs[attribute]).split()) - ids.keys()
                assert not missing, f"{where}: {attribute} points nowhere: {missing}"


def _check_fields(where: str, tags: Sequence[Tag]) -> None:
    labelled = {tag["for"] for tag in tags if tag.name == "label" and "for" in tag.attrs}
    for tag in tags:
        if tag.name in FIELDS and tag.get("type") not in ("hidden", "submit", "button"):
            is_labelled = tag.get("id") in labelled or tag.get("aria-label")
            assert is_labelled, f"{where}: field {tag.get('name')} has no label"


def _check_forms(where: str, tags: Sequence[Tag]) -> None:
    for form in tags:
        if form.name == "form" and str(form.get("method", "get")).lower() == "post":
            inside = (tag for tag in form.descendants if isinstance(tag, Tag))
            has_token = any(tag.get("name") == "csrf_token" for tag in inside)
            assert has_token, f"{where}: form {form.get('action')} has no token"


def _check_menu(page: Page) -> None:
    """Check that the menu marks the item under which a page stands: that where its crumbs begin."""
    marked = [str(link["href"]) for link in page.soup.select(".menu a[aria-current]")]
    assert len(marked) <= 1, f"{page.path}: the menu marks {marked}"
    items = {str(link["href"]) for link in page.soup.select(".menu a")}
    first = page.soup.select_one(".crumbs a")
    if first is not None and first["href"] in items:
        assert marked == [first["href"]], f"{page.path}: the menu marks {marked}, not {first['href']}"


def _check_nothing_inline(where: str, tag: Tag) -> None:
    inline = [name for name in tag.attrs if name.startswith("on") or name == "style"]
    assert not inline, f"{where}: inline {inline} on {tag.name}"
    is_code = tag.name == "script" and tag.get("type") != "application/json"  # a browser runs no data
    assert not is_code or tag.get("src"), f"{where}: inline script"


def _find_form(page: Page, button: str) -> tuple[Tag, Tag]:
    for pressed in page.soup.find_all(["button", "input"]):
        if pressed.name == "input" and pressed.get("type") != "submit":
            continue
        words = " ".join(pressed.get_text(" ").split())
        if button in (words, pressed.get("name"), pressed.get("value")) or button in words:
            by_id = page.soup.find("form", id=pressed.get("form", ""))
            form = by_id if "form" in pressed.attrs else pressed.find_parent("form")
            assert isinstance(form, Tag), f"button {button!r} on {page.path} stands in no form"
            return form, pressed
    raise AssertionError(f"no button {button!r} on {page.path}: {page.text[:300]}")


def _standing_values(form: Tag) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for field in form.find_all(FIELDS):
        name = str(field.get("name", ""))
        if not name or field.get("type") in ("submit", "file"):
            continue
        if field.get("type") in ("checkbox", "radio"):
            if field.has_attr("checked"):
                values[name] = str(field.get("value", "on"))
        elif field.name == "select":
            chosen = field.find("option", selected=True) or field.find("option")
            values[name] = str(chosen.get("value", "")) if isinstance(chosen, Tag) else ""
        elif field.name == "textarea":
            values[name] = field.get_text().removeprefix("\n")
        else:
            values[name] = str(field.get("value", ""))
    return values
