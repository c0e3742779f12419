from typing import NamedTuple

from odoo import api, models


class Anchor(NamedTuple):
    """A date that is reminded of."""

    label: str
    #: It is a day, and lasts until its end.
    is_day: bool = False


class HoithiNoticeAudience(models.AbstractModel):
    """Whom a reminder is for; a model for each audience inherits it.

    The models are named ``hoithi.notice.audience.<key>`` and live in the room that owns
    what they remind of; inheriting is all the registration there is.
    """

    _name = "hoithi.notice.audience"
    _description = "Audience of Reminders"

    #: Place in lists of audiences.
    _sequence = 100
    #: Once the date has passed nothing can be done any more.
    _only_before = False
    #: A record waits for one person, whose unit head can be told.
    _is_personal = False

    # REGISTER

    @api.model
    def _get_audiences(self):
        """Return the audiences in order: {key: model}."""
        name = "hoithi.notice.audience"
        children = self.env.registry[name]._inherit_children
        return {
            audience._name.removeprefix(f"{name}."): audience
            for audience in sorted(
                (self.env[child] for child in children),
                key=lambda audience: audience._sequence,
            )
        }

    # WHAT AN AUDIENCE TELLS

    @api.model
    def _get_label(self):
        """Return what the schedule calls the audience."""
        raise NotImplementedError

    @api.model
    def _get_kinds(self):
        """Return the kinds of its notices, the usual first: {kind: label}.

        Each has its letter, ``mail_template_<kind>``.
        """
        raise NotImplementedError

    @api.model
    def _get_anchors(self):
        """Return the dates that it may be reminded of: {key: Anchor}."""
        raise NotImplementedError

    @api.model
    def _get_kind(self, rule):
        """Return the kind of the notices of `rule`."""
        return next(iter(self._get_kinds()))

    @api.model
    def _find(self, rule):
        """Return what is open now: (contest, record, deadline in UTC, partner)."""
        raise NotImplementedError

    @api.model
    def _gather(self, rule, targets, days=None):
        """Hook: return targets as they are told, where one letter tells of several.

        :param targets: as :meth:`_find` returns them
        :param days: {(contest, deadline): days from the deadline at which it is told};
            nothing where somebody reminds by hand
        """
        return targets

    @api.model
    def _get_record_name(self, notice, record):
        """Return what a letter in a rule's own words calls what it is about."""
        return record.display_name or ""

    @api.model
    def _get_weekly_facts(self, rule, now):
        """Return the facts of `rule` where it is followed every week."""
        return []

    @api.model
    def _is_still_due(self, notice):
        """Tell whether what a waiting notice reminds of is still open.

        With another deadline it isn't: of that it is reminded anew.
        """
        return True

    @api.model
    def _get_path(self, notice):
        """Return where the reader goes on from the letter."""
        return "/my/hoithi"

    @api.model
    def _prepare(self):
        """Hook: the schedule is about to be followed."""
