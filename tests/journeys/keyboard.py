"""Somebody with only a keyboard, who wants to see where they are and never to be stuck."""

from dataclasses import dataclass

from tests.journeys.visitor import Visitor

STOPS_MOST = 400
LOOK = """() => {
    const here = document.activeElement, box = here.getBoundingClientRect(), style = getComputedStyle(here);
    const label = here.labels?.length ? here.labels[0].innerText : here.getAttribute("aria-label");
    const is_wide = box.width > 0 && box.right > 0 && box.left < innerWidth;
    return {
        name: (label || here.innerText || "").trim().replace(/\\s+/g, " "),
        tag: here.tagName.toLowerCase(),
        id: here.id,
        place: [...document.querySelectorAll("*")].indexOf(here),
        top: Math.round(box.top + scrollY),
        is_in_main: Boolean(here.closest("main")),
        is_marked: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
        is_in_view: is_wide && box.bottom > 0 && box.top < innerHeight,
    };
}"""


@dataclass(frozen=True)
class Stop:
    """Where the focus is."""

    name: str
    tag: str
    id: str
    place: int
    top: int
    is_in_main: bool
    is_marked: bool
    is_in_view: bool


class Keyboard:
    """The keys of a visitor; every stop must be in view and marked."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor

    def here(self) -> Stop:
        """Return where the focus is."""
        return Stop(**self.visitor.page.evaluate(LOOK))

    def press(self, key: str) -> None:
        """Press a key."""
        self.visitor.page.keyboard.press(key)

    def type(self, words: str) -> None:
        """Type in the field that has the focus, over what stands there."""
        self.press("ControlOrMeta+a")
        self.visitor.page.keyboard.insert_text(words)

    def tab(self) -> Stop:
        """Go to the next stop, which is to be seen."""
        self.press("Tab")
        stop = self.here()
        if stop.tag != "body":
            where = f"{self.visitor.page.url}: the focus on {stop.tag} {stop.name!r}"
            assert stop.is_in_view, f"{where} is out of view"
            assert stop.is_marked, f"{where} is not marked"
        return stop

    def tab_to(self, name: str) -> Stop:
        """Go on until the stop whose name begins with these words."""
        passed = []
        for _ in range(STOPS_MOST):
            stop = self.tab()
            if stop.is_in_main and stop.name.startswith(name):
                return stop
            passed.append(stop.name)
        raise AssertionError(f"{self.visitor.page.url}: Tab never comes at {name!r}, only at {passed[:60]}")

    def round(self) -> list[Stop]:
        """Return all stops of the page, from its beginning until the focus leaves it."""
        self.visitor.page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")
        stops: list[Stop] = []
        for _ in range(STOPS_MOST):
            stop = self.tab()
            if stop.tag == "body" or (stops and stop.place == stops[0].place):
                return stops
            assert stop.place not in {old.place for old in stops}, f"Tab comes at {stop.name!r} again"
            stops.append(stop)
        raise AssertionError(f"{self.visitor.page.url}: Tab never leaves the page")
