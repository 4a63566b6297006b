import pytest

from forum.kernel.actor import Party, Role
from forum.kernel.database import db
from forum.members.models import MemberState
from forum.members.queries import list_acting
from tests.support.cast import make_delegate, make_staff, make_tenant

pytestmark = pytest.mark.usefixtures("database")


def test_only_who_is_here_and_has_the_role_for_the_party_acts_for_it() -> None:
    delegate, moderator = make_delegate(Party.TENANTS), make_staff(Role.MODERATOR, Party.TENANTS)
    gone = make_delegate(Party.TENANTS)
    gone.state = MemberState.GONE
    other = make_delegate(Party.LANDLORD)
    make_tenant()
    db.session.commit()

    assert list_acting([Party.TENANTS], Role.DELEGATE) == [delegate]
    assert list_acting([Party.TENANTS], Role.DELEGATE, Role.MODERATOR) == [delegate, moderator]
    assert list_acting(list(Party), Role.DELEGATE) == [delegate, other]
