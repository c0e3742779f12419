from odoo import api, models

ADDRESSES = "res.partner.gateway.channel"


class HoithiNoticeChannelGateway(models.AbstractModel):
    """Messages to phones through OCA's `mail_gateway`, where it is installed.

    Whoever has an address there has written to the department's account before.
    """

    _name = "hoithi.notice.channel.gateway"
    _inherit = "hoithi.notice.channel"
    _description = "Messages through a Gateway"

    @api.model
    def _is_there(self):
        return ADDRESSES in self.env

    @api.model
    def _get_address(self, notice):
        return self.env[ADDRESSES].search(
            [
                ("partner_id", "=", notice.partner_id.id),
                ("company_id", "in", (notice.company_id.id, False)),
            ],
            order="company_id, id",
            limit=1,
        )

    @api.model
    def _tell(self, notice, address, text):
        gateway = address.gateway_id
        talk = self.env[f"mail.gateway.{gateway.gateway_type}"]._get_channel(
            gateway, address.gateway_token, {}, force_create=True
        )
        talk.message_post(
            body=text, message_type="comment", subtype_xmlid="mail.mt_comment"
        )
