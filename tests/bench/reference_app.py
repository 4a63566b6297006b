"""The smallest honest page to compare with: Flask, Jinja and one SQLAlchemy query of twenty rows on SQLite.

`python -m tests.bench.reference_app FOLDER` makes its database in the folder and serves it exactly as
`forum serve` serves the forum, on a free port that it prints.
"""

import gc
import sys
from pathlib import Path

from flask import Flask, render_template
from gunicorn.arbiter import Arbiter  # type: ignore[import-untyped]
from sqlalchemy import Engine, ForeignKey, Text, create_engine, insert, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from forum.serve import ForumServer, server_options
from tests.bench.large_forum import NAMES, post_html

ROWS = 20
PAGE = """<!DOCTYPE html>
<html lang="en">
  <head><meta charset="utf-8"><title>Twenty rows</title><link rel="stylesheet" href="/static/page.css"></head>
  <body>
    <main>
      <h1>Twenty rows</h1>
      {% for row in rows %}
        <article class="post" id="row-{{ row.id }}" aria-labelledby="name-{{ row.id }}">
          <header>
            <h2 id="name-{{ row.id }}">{{ row.name }}</h2>
            <a href="/rows/{{ row.id }}">number {{ row.number }}</a>
          </header>
          <div class="prose">{{ row.html|safe }}</div>
          <footer>
            <p>
              Valuable <span class="count">{{ row.valuable }}</span>
              Agree <span class="count">{{ row.agree }}</span>
            </p>
            <ul>
              <li>
                <a href="/rows/{{ row.id }}/answer">Answer<span class="vh"> to {{ row.name }}</span></a>
              </li>
            </ul>
          </footer>
        </article>
      {% endfor %}
    </main>
  </body>
</html>
"""


class Base(DeclarativeBase):
    """Parent of both tables."""


class Author(Base):
    """Who wrote."""

    __tablename__ = "author"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Row(Base):
    """What was written."""

    __tablename__ = "row"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("author.id"))
    html: Mapped[str] = mapped_column(Text)
    valuable: Mapped[int]
    agree: Mapped[int]


def fill(engine: Engine) -> None:
    """Make a thousand rows of which the page shows twenty."""
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.execute(
            insert(Author), [{"id": number, "name": NAMES[number % 40]} for number in range(1, 201)]
        )
        session.execute(
            insert(Row),
            [
                {
                    "number": number,
                    "author_id": number % 200 + 1,
                    "html": post_html(number),
                    "valuable": number % 7,
                    "agree": number % 5,
                }
                for number in range(1, 1001)
            ],
        )
        session.commit()


def create_reference_app(engine: Engine) -> Flask:
    """Return the application with its one page."""
    app = Flask("reference", static_folder=None)
    shown = (
        select(Row.id, Row.number, Row.html, Row.valuable, Row.agree, Author.name)
        .join(Author, Author.id == Row.author_id)
        .where(Row.number <= ROWS)
        .order_by(Row.number)
    )

    template = app.jinja_env.from_string(PAGE)

    @app.get("/")
    def page() -> str:
        with Session(engine) as session:
            return render_template(template, rows=session.execute(shown).all())

    return app


def main(folder: Path) -> None:
    """Serve the page until stopped."""
    engine = create_engine(
        f"sqlite:///{folder / 'reference.sqlite'}", connect_args={"check_same_thread": False}
    )
    fill(engine)
    app = create_reference_app(engine)
    app.test_client().get("/")
    gc.collect()
    gc.freeze()
    options = server_options("127.0.0.1:0", 2)
    options["post_fork"] = lambda _server, _worker: engine.dispose(close=False)
    Arbiter(ForumServer(app, options)).run()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
