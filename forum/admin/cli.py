"""`forum init`: an empty installation with its database, its names, its year and its administrator."""

import click
from flask import current_app
from flask.cli import with_appcontext

from forum.accounts.service import request_activation
from forum.admin.forms import NAME_LONGEST
from forum.agenda.service import start_agenda
from forum.kernel.actor import SYSTEM, Role
from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.kernel.migrations import upgrade_tables
from forum.kernel.refusals import CommandRefused, refuses
from forum.members.service import add_staff_member
from forum.settings.service import name_site
from forum.texts.catalogue import say


@click.command()
@click.option("--year", type=click.IntRange(2000, 2200), required=True, help="Year of the first agenda.")
@click.option("--corporation", required=True, help="Name of the housing corporation.")
@click.option("--tenants", required=True, help="Name of the tenant organisation.")
@click.option("--admin-email", required=True, help="E-mail address of the first administrator.")
@with_appcontext
@refuses
def init(year: int, corporation: str, tenants: str, admin_email: str) -> None:
    """Make an empty installation: database, names, agenda of the year, administrator."""
    for option, name in (("--corporation", corporation), ("--tenants", tenants)):
        if not 0 < len(name.strip()) <= NAME_LONGEST:
            message = f"{option}: give a name of 1 to {NAME_LONGEST} characters"
            raise CommandRefused(message)
    if "@" not in admin_email:
        message = f"--admin-email: {admin_email!r} is no e-mail address"
        raise CommandRefused(message)
    at = now()
    upgrade_tables(current_app)
    with unit_of_work():
        name_site(corporation.strip(), tenants.strip())
        start_agenda(year, current_app.config["SETTINGS"].topics_per_year, SYSTEM, at=at)
        add_staff_member(say("admin-role-admin"), admin_email, {Role.ADMIN}, None, SYSTEM, at=at)
        request_activation(admin_email, at=at)
    click.echo(f"Installed in {current_app.instance_path}.")
    click.echo(
        f"{admin_email} gets a link to choose a password as soon as `forum serve` or `forum jobs run` runs."
    )
