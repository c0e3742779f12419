from odoo import api, fields, models
from odoo.exceptions import AccessError

PUBLISHERS = "hoithi_contest.group_publisher,hoithi_contest.group_secretary"


class HoithiPublicationMixin(models.AbstractModel):
    """What everybody may be shown: whether it is, since when and by whom.

    Publishing and withdrawing are acts of their own: a publisher may change nothing
    else of the records.
    """

    _name = "hoithi.publication.mixin"
    _inherit = ["hoithi.guard.mixin"]
    _description = "What everybody may be shown"

    #: What is published by itself: its flag, and the fields of the moment and person.
    _publications = {"is_published": ("published_on", "published_by_id")}

    is_published = fields.Boolean(readonly=True, copy=False, tracking=True)
    published_on = fields.Datetime(readonly=True, copy=False)
    published_by_id = fields.Many2one(
        "res.users",
        string="Published by",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )

    def action_publish(self):
        """Show these records on the public page, from now on.

        :raises AccessError: for anyone but a publisher or secretary
        :raises UserError: for what isn't fit to be shown yet, or never is
        """
        self._publish("is_published")
        return True

    def action_unpublish(self):
        """Take these records off the public page at once.

        :raises AccessError: for anyone but a publisher or secretary
        """
        self._withdraw("is_published")
        return True

    @api.model
    def _is_publisher(self):
        return self.env.su or self.env.user.has_groups(PUBLISHERS)

    def _check_publishable(self, flag):
        """Hook: refuse to show a record that isn't fit for everybody.

        :param flag: what of it, a key of `_publications`
        :raises UserError: with the reason
        """
        self.ensure_one()

    def _publish(self, flag):
        hidden = self._filter_publication(flag, False)
        for record in hidden:
            record._check_publishable(flag)
        if hidden:
            hidden._write_publication(flag, True)

    def _withdraw(self, flag):
        shown = self._filter_publication(flag, True)
        if shown:
            shown._write_publication(flag, False)

    def _filter_publication(self, flag, shown):
        """Return those that are shown, or aren't.

        What is shown already keeps its date, and no log tells of what didn't happen.

        :raises AccessError: for anyone but a publisher or secretary
        """
        self._check_publisher()
        return self.filtered(lambda record: bool(record[flag]) == shown)

    def _check_publisher(self):
        self.check_access("read")
        if not self._is_publisher():
            raise AccessError(
                self.env._(
                    "Only a publisher or the secretary decides what everybody is shown."
                )
            )

    def _write_publication(self, flag, shown):
        # a publisher may change nothing of the records but this
        self.sudo()._open_door().write(self._get_publication_values(flag, shown))

    @api.model
    def _get_publication_values(self, flag, shown):
        moment, person = self._publications[flag]
        return {
            flag: shown,
            moment: shown and fields.Datetime.now(),
            person: shown and self.env.uid,
        }
