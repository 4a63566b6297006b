"""What the two parties are called here, and how to reach them."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from forum.kernel.database import Base


class Site(Base):
    """The one row that names the corporation and the tenant organisation, and tells how to reach them.

    `post_address` has a line for each line on an envelope; people send slips and letters there.
    """

    __tablename__ = "site"

    id: Mapped[int] = mapped_column(primary_key=True)
    landlord_name: Mapped[str] = mapped_column(String(100))
    tenants_name: Mapped[str] = mapped_column(String(100))
    help_phone: Mapped[str] = mapped_column(String(30), default="")
    post_address: Mapped[str] = mapped_column(String(200), default="")
    is_demo: Mapped[bool] = mapped_column(default=False)
