import base64

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools.image import IMAGE_MAX_RESOLUTION, image_process

from ...lib.guard import pictures
from ...lib.guard.texts import fold
from ..council.hoithi_prize_kind import KINDS
from ..guard.hoithi_states import CONVENED, NOT_ENTERED, SELECTED, UNSCREENED

#: Awards of higher levels come first.
LEVELS = ("national", "province", "unit")
#: What the Office writes for the public page, in agreement with the authors.
PUBLIC_FIELDS = {
    "public_summary",
    "public_picture",
    "public_picture_note",
    "public_picture_persons",
    "public_problem",
    "public_way",
    "public_effect",
    "public_figures",
    "public_quote",
    "public_applied",
}
#: The largest picture that the page shows, 8 to 5, in pixels.
PICTURE_SIZE = (1600, 1000)
#: What each JPEG begins with.
JPEG = b"\xff\xd8"
#: How many drawings there are of a field, where there is more than one.
DRAWN = {"chip": 3, "leaf": 2}
SUMMARY_LENGTH = 1500


class HoithiEntry(models.Model):
    """What everybody is shown of an entry that was honoured, and how it is found.

    Nothing of what the authors wrote goes out by itself but the title: summary and
    picture are the Office's own, which it agrees with them.
    """

    _inherit = "hoithi.entry"

    _handling_fields = PUBLIC_FIELDS

    public_summary = fields.Text(
        string="Public summary",
        copy=False,
        help="What the solution does and brings, in a few sentences for everybody. "
        "Agree the words with the authors: it is shown with the results.",
    )
    public_picture = fields.Image(
        string="Public picture",
        copy=False,
        help="Shown with the results, best 8 to 5. Where and with what it was taken is "
        "taken out of it.",
    )
    public_picture_note = fields.Char(
        string="What the picture shows",
        copy=False,
        help="Stands below the picture, and is read out to those who can't see it.",
    )
    public_picture_persons = fields.Boolean(
        string="Authors can be recognised",
        copy=False,
        help="The picture is shown once each author has agreed to photographs.",
    )
    result_merit = fields.Integer(
        compute="_compute_result_merit",
        store=True,
        groups=fields.NO_ACCESS,
        export_string_translation=False,
        help="The place among the results, the best being 1; 0 if it is none of them.",
    )
    public_key = fields.Text(
        compute="_compute_public_key",
        store=True,
        groups=fields.NO_ACCESS,
        export_string_translation=False,
        help="What visitors find it by: the words that they are shown, no others.",
    )

    _results_idx = models.Index(
        "(contest_id, result_merit, public_key, id) WHERE result_merit > 0"
    )

    # COMPUTE

    @api.depends(
        "state",
        "award_ids.level",
        "award_ids.rank_order",
        "award_ids.is_held",
        "award_ids.author_id",
    )
    def _compute_result_merit(self):
        for entry in self:
            if entry.state in UNSCREENED:
                # nobody has given it anything yet
                entry.result_merit = 0
                continue
            places = [
                LEVELS.index(award.level) * KINDS + award.rank_order
                for award in entry.award_ids
                # a person's prize isn't the solution's
                if award.level in LEVELS and not (award.is_held or award.author_id)
            ]
            if not places and entry.state not in SELECTED:
                entry.result_merit = 0
                continue
            place = min(places, default=len(LEVELS) * KINDS)
            entry.result_merit = 1 + 2 * place + (entry.state != "nominated")

    @api.depends(
        "name",
        "consent_publish",
        "public_summary",
        "author_ids.full_name",
        "author_ids.consent_publish",
    )
    def _compute_public_key(self):
        for entry in self:
            shown = [entry.name, *entry._get_public_names(), entry.public_summary]
            entry.public_key = (
                fold(" ".join(filter(None, shown))) if entry.consent_publish else ""
            )

    @api.constrains("public_summary")
    def _check_public_summary(self):
        for entry in self:
            if len(entry.public_summary or "") > SUMMARY_LENGTH:
                raise ValidationError(
                    self.env._(
                        "The public summary has %(length)s characters, and may have "
                        "%(most)s.",
                        length=len(entry.public_summary),
                        most=SUMMARY_LENGTH,
                    )
                )

    # CRUD

    @api.model
    def _has_role(self, name):
        if name in PUBLIC_FIELDS:
            return self.env.su or self.env.user.has_group(
                "hoithi_contest.group_secretary"
            )
        return super()._has_role(name)

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(
            [self._redraw_picture(vals) for vals in self._check_given(vals_list)]
        )

    def write(self, vals):
        return super().write(self._redraw_picture(vals))

    @api.model
    def _redraw_picture(self, vals):
        """Return values with the picture as a JPEG of the page's size, and bare.

        A telephone writes place, hour and its owner's name into its pictures.

        :raises UserError: for what is no picture
        """
        if not vals.get("public_picture"):
            return vals
        try:
            source = base64.b64decode(vals["public_picture"])
        except (TypeError, ValueError):
            raise UserError(
                self.env._("The picture can't be read: choose a JPEG or PNG file.")
            ) from None
        drawn = image_process(
            pictures.flatten(source, IMAGE_MAX_RESOLUTION),
            size=PICTURE_SIZE,
            quality=85,
            output_format="JPEG",
        )
        if not drawn.startswith(JPEG):
            # Odoo hands on what it doesn't know to process, as drawings with scripts
            raise UserError(
                self.env._("The picture can't be read: choose a JPEG or PNG file.")
            )
        return {**vals, "public_picture": base64.b64encode(drawn)}

    # BUSINESS

    def _may_show_picture(self):
        """Tell whether the picture, if there is one, may stand on the page.

        A picture of people needs the consent of each of them (Civil Code
        91/2015/QH13, article 32); publishing what the entry is about is another one.
        """
        self.ensure_one()
        if not self.consent_publish:
            return False
        return not self.public_picture_persons or all(
            author.pictured_on for author in self._get_authors()
        )

    def _get_public_drawing(self):
        """Return the name of the drawing that stands where there is no picture."""
        self.ensure_one()
        kind = self.field_id._get_drawing()
        return f"{kind}-{self.id % DRAWN.get(kind, 1) + 1}"

    @api.model
    def _get_tellable_domain(self):
        # what a page of results shows, and nothing else of others
        return super()._get_tellable_domain() | Domain(
            [
                ("contest_id.is_published", "=", True),
                ("contest_id.results_published", "=", True),
                ("contest_id.state", "in", CONVENED),
                ("consent_publish", "=", True),
                ("result_merit", ">", 0),
                ("state", "not in", NOT_ENTERED),
            ]
        )

    def _get_told_path(self):
        return f"/hoithi/{self.contest_id.id}/results/{self.id}"

    def _get_public_names(self):
        """Return the names of those authors who agreed to be named."""
        self.ensure_one()
        if not self.consent_publish:
            return []
        return (
            self._get_authors()
            .filtered("consent_publish")
            .mapped(lambda author: author.full_name)
        )

    def _get_vote_title(self):
        return super()._get_vote_title() if self.consent_publish else ""

    def _get_vote_summary(self):
        # agreed with the authors, who agreed to be shown
        return self.public_summary if self.consent_publish else ""
