"""Pages in more languages: each has its own compiled templates, the rest is shared."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from babel import Locale
from flask import Flask, request
from flask.templating import Environment
from jinja2 import nodes
from markupsafe import Markup

from forum.texts.language import DUTCH, LANGUAGES, speak, spoken
from forum.texts.translations import DUTCH_ITSELF, PLURAL_FORM, Translations, read_translations, translate


class TranslatedTemplates(Environment):
    """Templates with their texts in one language."""

    def __init__(self, app: Flask, translations: Translations = DUTCH_ITSELF, **options: Any) -> None:
        """Read `{% trans %}` as Jinja's own extension does; white space around lines makes no difference."""
        super().__init__(app, **options)
        self.translations = translations
        self.add_extension("jinja2.ext.i18n")
        self.newstyle_gettext = True
        self.policies["ext.i18n.trimmed"] = True
        self.globals[PLURAL_FORM] = translations.form_of

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        return translate(super()._parse(source, name, filename), self.translations)


class Forum(Flask):
    """The application, whose templates are in the language that is spoken."""

    jinja_environment = TranslatedTemplates  # type: ignore[assignment]

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Speak Dutch only, until other languages are added."""
        self.environments: dict[str, TranslatedTemplates] = {}
        super().__init__(*arguments, **options)

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function itself. None here is async, and asking each takes time on every page."""
        return func

    @property
    def jinja_env(self) -> TranslatedTemplates:
        """Return the templates in the language that is spoken."""
        if not self.environments:
            self.environments[DUTCH] = self.create_jinja_environment()  # type: ignore[assignment]
        return self.environments[spoken()]

    def add_languages(self, languages: Mapping[str, Translations]) -> None:
        """Let the pages be made in more languages; filters and globals are those of the Dutch ones."""
        dutch = self.jinja_env
        for language, translations in languages.items():
            environment: TranslatedTemplates = self.create_jinja_environment()  # type: ignore[assignment]
            environment.translations = translations
            environment.filters, environment.tests = dutch.filters, dutch.tests
            environment.globals = dutch.globals | {PLURAL_FORM: translations.form_of}
            self.environments[language] = environment


def init_languages(app: Forum) -> None:
    """Speak the language that was chosen in this browser, from before anything can be said."""

    @app.before_request
    def speak_as_chosen() -> None:
        chosen = request.cookies.get(app.config["LANGUAGE_COOKIE_NAME"])
        speak(chosen if chosen in LANGUAGES else DUTCH)

    @app.teardown_request
    def speak_dutch_again(_error: BaseException | None) -> None:
        speak(DUTCH)  # the thread goes on to do other work


def direction() -> str:
    """Return which way the language that is spoken is written: `ltr`, or `rtl` for one as Arabic."""
    return _direction_of(spoken())


@cache
def _direction_of(language: str) -> str:
    return Locale.parse(language).text_direction


def dutch(words: str) -> str:
    """Return what people wrote; on a page in another language it says that it is Dutch (WCAG 3.1.2)."""
    if not words or spoken() == DUTCH:
        return words
    return Markup('<span lang="{}">{}</span>').format(DUTCH, words)


def quoted(words: str) -> str:
    """Return what people wrote, as `dutch` tells it, between quotation marks; nothing stays nothing."""
    return Markup("“{}”").format(dutch(words)) if words else words


def add_translations(app: Forum) -> None:
    """Make the pages in every language; call it when the Dutch templates have all that they use."""
    app.jinja_env.globals |= {"spoken": spoken, "direction": direction, "languages": LANGUAGES}
    app.jinja_env.filters |= {"dutch": dutch, "quoted": quoted}
    app.add_languages({language: read_translations(language) for language in LANGUAGES if language != DUTCH})
