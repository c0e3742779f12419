from odoo import api, fields, models
from odoo.tools import SQL

from ...lib.contest import similarity

#: How many titles are told of at a time.
MOST = 3
#: Letters below which a title says too little to be like another.
LEAST_LETTERS = 8
#: Of so many rarest words of a title another has to have half, a title of few any one:
#: what is half the same by its trigrams has more than half of its words.
TELLING, LEAST_TOLD = 6, 4
#: Ends the name of the index of words.
WORDS_INDEX = "__title_words_idx"


class HoithiAlikeMixin(models.AbstractModel):
    """Records with a title, found by titles that are much alike.

    By PostgreSQL where it has the extension pg_trgm, else by the measure in Python.
    """

    _name = "hoithi.alike.mixin"
    _description = "Found by a like title"

    # without what makes no two titles alike
    title_key = fields.Char(
        compute="_compute_title_key",
        store=True,
        index="trigram",
        export_string_translation=False,
    )

    def init(self):
        """Add the index that finds titles by their words."""
        if not self._abstract:
            self.env.cr.execute(
                SQL(
                    "CREATE INDEX IF NOT EXISTS %s ON %s"
                    " USING gin (to_tsvector('simple', title_key))",
                    SQL.identifier(f"{self._table}{WORDS_INDEX}"),
                    SQL.identifier(self._table),
                )
            )
        return super().init()

    @api.depends("name")
    def _compute_title_key(self):
        for record in self:
            record.title_key = similarity.normalize_title(record.name)

    @api.model
    def _get_title_key(self, title):
        """Return what a title is compared by; nothing where it says too little."""
        key = similarity.normalize_title(title)
        return key if len(key.replace(" ", "")) >= LEAST_LETTERS else ""

    @api.model
    def _search_alike(self, key, domain, likeness):
        """Return the few records of `domain` whose titles are likest to a key.

        :param likeness: from which on, in per cent
        """
        least = likeness / 100
        if not self.env.registry.has_trigram:
            found = [
                (-similarity.similarity(record.title_key, key), -record.id, record)
                for record in self.search_fetch(domain, ["title_key"])
            ]
            near = sorted(row[:2] for row in found if -row[0] >= least)
            return self.browse(-number for _far, number in near[:MOST])
        query = self._search(domain, limit=MOST)
        title_key = self._field_to_sql(query.table, "title_key", query)
        # the index finds titles with the telling words; the few are measured
        query.add_where(
            SQL(
                "to_tsvector('simple', %s) @@ to_tsquery('simple', %s)",
                title_key,
                self._write_telling_query(key, self._get_word_shares()),
            )
        )
        query.add_where(SQL("similarity(%s, %s) >= %s::real", title_key, key, least))
        query.order = SQL(
            "similarity(%s, %s) DESC, %s DESC",
            title_key,
            key,
            SQL.identifier(query.table, "id"),
        )
        return self.browse(query.get_result_ids())

    @api.model
    def _write_telling_query(self, key, shares):
        """Return what PostgreSQL looks for: half of the rarest words of a title.

        What isn't the same but in words that every other title has, isn't much alike.

        :param shares: from `_get_word_shares`
        """
        words = list(dict.fromkeys(key.split()))
        words.sort(key=lambda word: shares.get(word, 0))
        telling = words[:TELLING]
        least = len(telling) // 2 if len(telling) >= LEAST_TOLD else 1
        return _write_some_of(telling, least)

    @api.model
    def _get_word_shares(self):
        """Return {word: share of titles} of the words that are in many titles.

        PostgreSQL counts them now and then for its own plans.
        """
        rows = self.env.execute_query(
            SQL(
                """SELECT most_common_elems::text::text[], most_common_elem_freqs
                     FROM pg_stats
                    WHERE schemaname = current_schema() AND tablename = %s
                      AND most_common_elems IS NOT NULL""",
                f"{self._table}{WORDS_INDEX}",
            )
        )
        return {
            word: share
            for words, shares in rows
            for word, share in zip(words, shares, strict=False)
        }


def _write_some_of(words, least):
    """Return a query for texts with at least so many of some words.

    Nested, so that each text is asked for few of them: spelt out as a list of groups it
    takes PostgreSQL twice as long.

    :param words: the rarest first
    """
    if least == 1:
        return f"({' | '.join(words)})"
    if len(words) == least:
        return f"({' & '.join(words)})"
    first, rest = words[0], words[1:]
    with_it, without_it = _write_some_of(rest, least - 1), _write_some_of(rest, least)
    return f"({first} & {with_it} | {without_it})"
