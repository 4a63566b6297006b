"""Somebody who fills in every form with texts that mean harm, and what to look for in the pages after it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import TimeoutError as TooLate
from werkzeug.routing import MapAdapter

from tests.journeys.hostile import CALCULATED, LONGEST, hostile_texts
from tests.journeys.visitor import Visitor
from tests.support.pictures import picture

REFUSALS = (400, 403, 404, 409, 410, 413, 422, 429)
FILE_NAME = '"><img src=x onerror=alert(1)>'
WATCH = """
window.ran = [];
for (const name of ["alert", "confirm", "prompt", "print", "open"])
    window[name] = (...said) => { window.ran.push(name + "(" + said + ")"); };
document.addEventListener("securitypolicyviolation", (event) => {
    window.ran.push(`CSP ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
});
"""
"""Runs before anything of a page does."""

LOOK = """calculated => {
    const found = [...window.ran];
    const strange = "base, iframe, frame, frameset, object, embed, applet, math, marquee, video, audio,"
        + " source, template, slot, portal, xmp, plaintext, form form, style, svg script, foreignObject";
    const say = (what, node) => found.push(what + ": " + node.outerHTML.slice(0, 150));
    for (const node of document.querySelectorAll(strange)) say("an element that we never send", node);
    for (const node of document.querySelectorAll("*")) {
        if (node instanceof HTMLUnknownElement) say("an element that is none", node);
        if (node.localName === "script" && node.type !== "application/json"
            && !String(node.src).startsWith(location.origin + "/static/")) say("a script", node);
        for (const { name, value } of node.attributes) {
            if (/^on|["'<>{=]|^(style|srcdoc|ping|background|xlink:href)$/.test(name)) say(name, node);
            if (!/^(href|src|action|formaction|srcset|poster|data)$/.test(name)) continue;
            const to = new URL(value, location.href);
            if (!/^(https?|mailto|tel):$/.test(to.protocol)) say(name, node);
            if (/\\.example$/.test(to.hostname) && !node.closest(".prose")) say("a way out", node);
        }
    }
    if (document.body.innerText.includes(calculated)) found.push("a template was filled in");
    return found;
}"""
"""Tells what a page has that only somebody who means harm can have put there."""

FORMS = """() => [...document.forms].flatMap((form, place) => {
    const fields = [...form.elements];
    const typed = fields.filter(field => field.matches(TYPED)).map(field => [field.name, field.maxLength]);
    const buttons = fields.filter(field => field.matches("button:not([type=button])"));
    return buttons.map((button, which) => {
        const action = button.getAttribute("formaction") || form.getAttribute("action") || "";
        return {
            place, which, typed, method: form.getAttribute("method") || "get",
            path: new URL(action, location.href).pathname, button: `${button.name}=${button.value}`,
        };
    });
})""".replace(
    "TYPED", repr("textarea, input:not([type]), input[type=text], input[type=search], input[type=email]")
)
"""Tells each way to send each form of a page, with the names of the fields that one types words in."""

SEND = """([place, which, texts, isAltered, later]) => {
    const form = document.forms[place];
    const fields = [...form.elements];
    form.noValidate = true;
    for (const field of fields) {
        const isNumber = field.inputMode === "numeric", isOff = !field.value && !isAltered;
        if (isAltered && /^(hidden|radio)$/.test(field.type) && field.name !== "csrf_token")
            field.value = Object.values(texts)[0];
        else if (texts[field.name] !== undefined && (isAltered || !isNumber)) {
            field.removeAttribute("maxlength");
            field.value = texts[field.name];
        } else if (isOff && isNumber) field.value = "2";
        else if (isOff && field.type === "date") field.value = later;
        else if (isOff && field.type === "time") field.value = "19:30";
        else if (isOff && field.type === "select-one") field.selectedIndex = field.options.length - 1;
        else if (!isAltered && field.type === "radio")
            field.checked ||= !fields.some(other => other.name === field.name && other.checked);
        else if (!isAltered && field.type === "checkbox") field.checked = true;
    }
    form.requestSubmit(fields.filter(field => field.matches("button:not([type=button])"))[which]);
}"""
"""Fills in a form, and what one cannot type in too when it is altered, and sends it."""


@dataclass(frozen=True)
class Way:
    """One button of one form, with the fields above it that one types words in."""

    endpoint: str
    button: str
    typed: frozenset[str]
    is_altered: bool


@dataclass
class Attacker:
    """Looks at pages and sends their forms, each way of each form once.

    `number` is that of a tenant, `later` a day to come: without what is right they would not be read further.
    """

    addresses: MapAdapter
    number: str
    later: str
    sent: set[Way] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    _texts: dict[int, Iterator[str]] = field(default_factory=dict)

    def prepare(self, visitor: Visitor) -> Visitor:
        """Let a visitor notice what runs in their pages."""
        visitor.context.add_init_script(WATCH)
        return visitor.expects_refusal(*REFUSALS)

    def visit(self, visitor: Visitor, path: str) -> None:
        """Look at a page, and send each of its forms that was not sent before."""
        visitor.open(path)
        self._look(visitor, path)
        for form in visitor.page.evaluate(FORMS):
            for is_altered in (True, False):
                self._send(visitor, path, form, is_altered=is_altered)

    def typed_in(self, names: frozenset[str]) -> bool:
        """Tell whether a form with these fields was sent."""
        return any(names <= way.typed for way in self.sent)

    def _look(self, visitor: Visitor, where: str) -> None:
        self.faults += [f"{where}: {fault}" for fault in visitor.page.evaluate(LOOK, CALCULATED)]

    def _send(self, visitor: Visitor, path: str, form: dict[str, Any], *, is_altered: bool) -> None:
        endpoint, _ = self.addresses.match(form["path"], method=form["method"].upper())
        typed = dict(form["typed"])
        way = Way(endpoint, form["button"], frozenset(typed), is_altered)
        if not typed or way in self.sent:
            return
        visitor.open(path)
        same = [other for other in visitor.page.evaluate(FORMS) if is_same(other, form)]
        if not same:  # sending it altered did what it is for
            return
        self.sent.add(way)
        texts = {name: self._text(longest) for name, longest in typed.items()}
        if not is_altered:
            texts |= {
                name: text for name, text in (("website", ""), ("number", self.number)) if name in texts
            }
            _choose_files(visitor, same[0]["place"])
        send = [same[0]["place"], same[0]["which"], texts, is_altered, self.later]
        try:
            with visitor.page.expect_navigation(timeout=5000):
                visitor.page.evaluate(SEND, send)
        except TooLate:
            self.faults.append(f"{path}: {way} sends nothing")
        self._look(visitor, f"{path}, after {way}")

    def _text(self, longest: int) -> str:
        longest = min(longest, LONGEST) if longest > 0 else LONGEST
        return next(self._texts.setdefault(longest, hostile_texts(longest)))


def is_same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Tell whether two forms are the same one, on a page that was opened twice."""
    return all(one[name] == other[name] for name in ("path", "button", "typed"))


def _choose_files(visitor: Visitor, place: int) -> None:
    for file in visitor.page.locator("form").nth(place).locator("input[type=file]").all():
        is_picture = "image" in (file.get_attribute("accept") or "")
        name, kind = (".png", "image/png") if is_picture else (".pdf", "application/pdf")
        content = picture("PNG") if is_picture else b"%PDF-1.4\n%%EOF"
        file.set_input_files({"name": FILE_NAME + name, "mimeType": kind, "buffer": content})
