from odoo import models

from ...lib.guard import moments


class MailTrackingValue(models.Model):
    _inherit = "mail.tracking.value"

    def _tracking_value_format_model(self, model):
        """Write changed days and moments as pages do, on the contest's clock.

        The browser would show them in its own zone and notation, and mails in UTC.
        """
        formatted = super()._tracking_value_format_model(model)
        if model not in self.env or "clock_tz" not in self.env[model]._fields:
            return formatted
        # who reads of the change may be told at which hour of the contest it is
        records_sudo = (
            self.env[model].sudo().browse(self.mail_message_id.mapped("res_id"))
        )
        zones = {record.id: record.clock_tz for record in records_sudo.exists()}
        for shown in formatted:
            info, tracking = shown["fieldInfo"], self.browse(shown["id"])
            if info["fieldType"] not in ("date", "datetime"):
                continue
            zone = zones.get(tracking.mail_message_id.res_id, moments.DEFAULT_TZ)
            for name, moment in (
                ("oldValue", tracking.old_value_datetime),
                ("newValue", tracking.new_value_datetime),
            ):
                shown[name] = (
                    moments.write_day(moment)
                    if info["fieldType"] == "date"
                    else moments.write_moment(moment, zone)
                )
            info["fieldType"] = "char"
        return formatted
