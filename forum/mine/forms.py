"""What members type about themselves."""

from forum.web.forms import PageForm, hidden_number, short_text


class NameForm(PageForm):
    """The name others see."""

    display_name = short_text("name-required", 60)


class LetGoForm(PageForm):
    """Which post is kept no longer."""

    post_id = hidden_number()
