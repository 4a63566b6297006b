"""What is said beside the name of an author."""

import pytest

from forum.discussion.author_labels import author_label
from forum.discussion.rules import PostSource
from forum.kernel.actor import Party, Role
from forum.settings.queries import SiteNames

SITE = SiteNames("Woonstede", "Huurdersbelang", help_phone="", post_address="", is_demo=False)


@pytest.mark.parametrize(
    ("grant", "source", "label"),
    [
        pytest.param(None, PostSource.WEB, "Huurder", id="a tenant"),
        pytest.param(None, PostSource.PHONE, "Huurder", id="a tenant who phoned"),
        pytest.param(None, PostSource.IMPORT, "Deelnemer", id="who took part elsewhere is no tenant"),
        pytest.param((Role.DELEGATE, Party.TENANTS), PostSource.WEB, "Huurdersbelang", id="a delegate"),
        pytest.param(
            (Role.MODERATOR, Party.LANDLORD), PostSource.WEB, "Moderator, Woonstede", id="a moderator"
        ),
        pytest.param((Role.COORDINATOR, None), PostSource.MEETING, "Coördinator", id="the coordinator"),
    ],
)
def test_an_author_is_called_what_they_are(
    grant: tuple[Role, Party | None] | None, source: PostSource, label: str
) -> None:
    assert author_label(grant, source, SITE) == label
