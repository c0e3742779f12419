from odoo import api, models


class HoithiNoticeChannel(models.AbstractModel):
    """A way to tell somebody besides the e-mail, as a message to the phone.

    A model for each inherits it, named ``hoithi.notice.channel.<key>``; inheriting is
    all the registration there is. The letter stays the e-mail: a channel says that
    there is one and where to read it, and nothing of what is in it, as it leaves the
    department's own servers.
    """

    _name = "hoithi.notice.channel"
    _description = "Channel of Notices"

    @api.model
    def _get_channels(self):
        """Return the channels that this server has, as models."""
        names = sorted(self.env.registry["hoithi.notice.channel"]._inherit_children)
        return [
            channel
            for channel in map(self.env.__getitem__, names)
            if channel._is_there()
        ]

    @api.model
    def _is_there(self):
        """Tell whether what the channel needs is installed."""
        return False

    @api.model
    def _get_address(self, notice):
        """Return how the notice's person is reached, or nothing.

        :param notice: one that was sent
        """
        raise NotImplementedError

    @api.model
    def _tell(self, notice, address, text):
        """Send a text; what is raised is noted in the server's log alone.

        :param address: as :meth:`_get_address` returned it
        """
        raise NotImplementedError
