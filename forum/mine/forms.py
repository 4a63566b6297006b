"""What members type about themselves."""

from forum.web.forms import PageForm, short_text


class NameForm(PageForm):
    """The name others see."""

    display_name = short_text("name-required", 60)
