"""The demo year, step by step. A later step goes at its place in `STEPS`."""

from collections.abc import Callable, Sequence
from typing import Protocol

from forum.demo.agenda_steps import agree_on_agenda, hold_earlier_consultation
from forum.demo.content import DemoContent, read_content
from forum.demo.debate_steps import hold_debates
from forum.demo.notification_steps import tell_news
from forum.demo.people_steps import install, open_accounts, register_tenants
from forum.demo.year import DemoOrder, DemoYear
from forum.discussion.service import Body

STEPS: Sequence[tuple[str, Callable[[DemoYear], None]]] = (
    ("parties and staff", install),
    ("tenant register", register_tenants),
    ("accounts", open_accounts),
    ("earlier consultation", hold_earlier_consultation),
    ("agenda", agree_on_agenda),
    ("debates and panels", hold_debates),
    ("notifications", tell_news),
)
"""What is done, in this order, each with its name for whoever waits."""


class Listener(Protocol):
    """Whoever wants to know what is being made."""

    def __call__(self, step: str) -> None:
        """Hear that a step begins."""


def prepare_year(order: DemoOrder) -> DemoYear:
    """Read the content and render its texts: what takes time and needs no database."""
    content = read_content()
    return DemoYear(order, content, {text: Body.of(text) for text in _texts(order, content)})


def _texts(order: DemoOrder, content: DemoContent) -> Sequence[str]:
    texts = [proposal.introduction for proposal in [*content.topics, content.consultation]]
    texts += [post.text for posts in content.debates.values() for post in posts]
    if order.consultation is not None:
        texts += [statement.text for statement in order.consultation.statements]
    return list(dict.fromkeys(texts))


def build_year(year: DemoYear, listener: Listener) -> None:
    """Make the demo year in an empty installation.

    Raises:
        AlreadySetUp: the installation is not empty.
    """
    for name, step in STEPS:
        listener(name)
        step(year)
