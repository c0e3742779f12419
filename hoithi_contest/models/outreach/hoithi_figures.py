from odoo import api, models
from odoo.fields import Domain


class HoithiFigures(models.AbstractModel):
    _inherit = "hoithi.figures"

    @api.model
    def _count_outreach(self, contests, by, on=None):
        """Return activities and contacts, those of organisations included.

        :param by: fields to count by
        :return: {tuple of the values of `by`: (activities, people reached by all of
            them, people reached by the largest)}
        """
        domain = Domain("contest_id", "in", contests.ids)
        if on is not None:
            domain &= Domain("date", "<=", self._get_day(contests, on))
        return {
            tuple(key): (number, reach or 0, persons or 0)
            for *key, number, reach, persons in self.env["hoithi.outreach"]._read_group(
                domain, by, ["__count", "reach:sum", "persons:max"]
            )
        }
