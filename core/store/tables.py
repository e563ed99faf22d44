"""The tables of the store. Plain SQL: SQLite today, Postgres by its URL."""

import sqlalchemy as sa

VERSION = 3  # of this schema; a store with a newer one is refused, one with an older one gets the tables it lacks

metadata = sa.MetaData()
_json = sa.JSON(none_as_null=True)

schema = sa.Table("schema_version", metadata, sa.Column("version", sa.Integer, primary_key=True))

counters = sa.Table(  # the last number given to a run of each encoder, so that an id never comes back
    "counter",
    metadata,
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("last", sa.Integer, nullable=False),
)

corpora = sa.Table(
    "corpus",
    metadata,
    sa.Column("id", sa.String, primary_key=True),  # the corpus's own hash; while it is read, its run's id
    sa.Column("name", sa.String, nullable=False),
    sa.Column("state", sa.String, nullable=False),  # reading ready failed
    sa.Column("facts", _json, nullable=False),
    sa.Column("origin", sa.String, nullable=False),  # sample upload derived
    sa.Column("created", sa.Double, nullable=False),  # all times are seconds since 1970
    sa.Column("settings", _json, nullable=False),
    sa.Column("deleted", sa.Double),
)

runs = sa.Table(
    "run",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("kind", sa.String, nullable=False),  # train import read derive
    sa.Column("name", sa.String, nullable=False),
    sa.Column("encoder", sa.String, nullable=False),
    sa.Column("options", _json, nullable=False),
    sa.Column("corpus_id", sa.String, nullable=False),
    sa.Column("min_count", sa.Integer, nullable=False),
    sa.Column("start_from", sa.String),
    sa.Column("paths", _json),  # of a run that reads: [[path, name], …]
    sa.Column("state", sa.String, nullable=False),  # queued running paused done stopped failed
    sa.Column("phase", sa.String, nullable=False, default=""),
    sa.Column("step", sa.BigInteger, nullable=False, default=0),
    sa.Column("total", sa.BigInteger, nullable=False, default=0),
    sa.Column("note", sa.String, nullable=False, default=""),
    sa.Column("message", _json),
    sa.Column("created", sa.Double, nullable=False),
    sa.Column("started", sa.Double),
    sa.Column("finished", sa.Double),
    sa.Column("seconds", sa.Double, nullable=False, default=0.0),
    sa.Column("capabilities", _json, nullable=False),
    sa.Column("metrics", _json, nullable=False),  # the last value of each; null is not a number
    sa.Column("command", sa.String),  # pause resume stop
    sa.Column("probe", _json),
    sa.Column("deleted", sa.Double),
    sa.Column("attempt", sa.Integer, nullable=False, default=0),  # every write of a worker carries its attempt
    sa.Column("worker", sa.String),  # the identity of the process at work
    sa.Column("beat", sa.Double),  # when that process last wrote
    sa.Column("died_at", sa.BigInteger),  # the step at which the last worker died
    sa.Column("futile", sa.Integer, nullable=False, default=0),  # deaths in a row without getting further
    sa.Index("run_state", "state"),
)

metrics = sa.Table(
    "metric",
    metadata,
    sa.Column("run_id", sa.String, primary_key=True),
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("step", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("value", sa.Double),  # SQLite keeps a NaN as null
    sqlite_with_rowid=False,
)

artifacts = sa.Table(
    "artifact",
    metadata,
    sa.Column("run_id", sa.String, primary_key=True),
    sa.Column("file", sa.String, primary_key=True),  # inside the run's folder
    sa.Column("kind", sa.String, nullable=False),  # checkpoint moment final
    sa.Column("step", sa.BigInteger, nullable=False),
    sa.Column("bytes", sa.BigInteger, nullable=False),
    sa.Column("sha256", sa.String, nullable=False),
    sa.Column("held_out", sa.Double),
)

label_sets = sa.Table(  # since version 2; the labels themselves are a file
    "label_set",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("corpus_id", sa.String, nullable=False, index=True),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("author", sa.String, nullable=False),
    sa.Column("occurrences", sa.BigInteger, nullable=False),
    sa.Column("kinds", _json, nullable=False),  # the commonest labels with their counts
    sa.Column("created", sa.Double, nullable=False),
    sa.Column("deleted", sa.Double),
)

drafts = sa.Table(  # since version 3; what a person changed and has not kept under a name yet
    "draft",
    metadata,
    sa.Column("corpus_id", sa.String, primary_key=True),
    sa.Column("key", sa.String, primary_key=True),
    sa.Column("draft", _json, nullable=False),
    sa.Column("changed", sa.Double, nullable=False),  # seconds since 1970
)

judgements = sa.Table(  # since version 3; of a pair of occurrences, the first before the other in the text
    "judgement",
    metadata,
    sa.Column("corpus_id", sa.String, primary_key=True),
    sa.Column("author", sa.String, primary_key=True),
    *(sa.Column(name, sa.BigInteger, primary_key=True, autoincrement=False)
      for name in ("document", "start", "end", "other_document", "other_start", "other_end")),
    sa.Column("value", sa.Integer, nullable=False),  # 1 to 4; 0: not decided
    sa.Column("created", sa.Double, nullable=False),
)  # fmt: skip
