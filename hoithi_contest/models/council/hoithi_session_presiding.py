from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class HoithiSession(models.Model):
    """Who presides over a session, and from when on."""

    _inherit = "hoithi.session"

    presiding_id = fields.Many2one(
        "hoithi.council.member",
        string="Presided by",
        compute="_compute_presiding_id",
        inverse="_inverse_presiding_id",
        store=True,
        readonly=False,
        copy=False,
        tracking=True,
        ondelete="restrict",
        index="btree_not_null",
        domain="[('council_id', '=', council_id)]",
        help="Who leads the session and signs its papers: the chair if present, else "
        "the vice-chair, else whoever is chosen of those present.",
    )
    chosen_presiding_id = fields.Many2one(
        "hoithi.council.member", readonly=True, copy=False, ondelete="restrict"
    )
    presiding_log = fields.Json(
        readonly=True,
        copy=False,
        help="Who has presided from when: lines of the roll and moments, the first at "
        "the opening.",
    )

    # COMPUTE

    @api.depends("attendance_ids.present", "attendance_ids.role")
    def _compute_presiding_id(self):
        """Follow the roll; of those who may preside, who does or was chosen goes on."""
        for session in self:
            planned = session.state == "planned"
            kept = session.chosen_presiding_id if planned else session.presiding_id
            if not kept or kept not in session._get_may_preside():
                kept = session._get_default_presiding()
            session.presiding_id = kept

    def _inverse_presiding_id(self):
        for session in self:
            chosen = session.presiding_id
            if not chosen and session.state == "open":
                raise ValidationError(
                    self.env._(
                        "Choose who of the members present presides instead: an open "
                        "session is led by somebody."
                    )
                )
            if chosen == session._get_default_presiding():
                chosen = chosen.browse()
            elif chosen != session.chosen_presiding_id:
                session._check_not_appointed(chosen)
                session.contest_id._check_not_competing()
            # kept beside the choice itself, so that nobody needs to write it
            session.sudo()._open_door().chosen_presiding_id = chosen

    # CONSTRAINTS

    @api.constrains("presiding_id")
    def _check_presiding(self):
        for session in self:
            presiding, office = session.presiding_id, session._get_default_presiding()
            if presiding and presiding not in session._get_present():
                raise ValidationError(
                    self.env._(
                        "%s can't preside without being there: mark the member as "
                        "present first, or choose another one.",
                        presiding.display_name,
                    )
                )
            if office and presiding not in session._get_may_preside():
                raise ValidationError(
                    self.env._(
                        "%s is present and presides by office. Another member is "
                        "chosen only where neither chair nor vice-chair is there; mark "
                        "as absent who has left.",
                        office.display_name,
                    )
                )

    # BUSINESS

    @api.model
    def _get_first(self, lines):
        """Return who of these lines of the roll presides by office: chair, vice-chair.

        :return: one line, or none where it must be chosen
        """
        for role in ("chair", "vice_chair"):
            line = lines.filtered(lambda line, role=role: line.role == role)[:1]
            if line:
                return line
        return lines.browse()

    def _get_may_preside(self):
        """Return the members of whom one presides: chair, else vice-chairs, else all.

        Only who is present counts.
        """
        lines = self.attendance_ids.filtered("present")
        first = self._get_first(lines)
        same = lines.filtered(lambda line: line.role == first.role) if first else lines
        return same.member_id

    def _get_default_presiding(self):
        return self._get_first(self.attendance_ids.filtered("present")).member_id

    def _get_presiding_line(self):
        """Return the line of the roll of who presides.

        Before the roll is called it is who will by office, of those who aren't excused.
        """
        self.ensure_one()
        line = self.attendance_ids.filtered(
            lambda line: line.member_id == self.presiding_id
        )
        if line or self.state != "planned":
            return line
        return self._get_first(
            self.attendance_ids.filtered(lambda line: not line.reason)
        )

    def _log_presiding(self):
        """Record who presides from now on, while the session is open."""
        for session in self:
            if session.state != "open":
                continue
            log = session.presiding_log or []
            line = session._get_presiding_line()
            if log and log[-1]["attendance"] == line.id:
                continue
            now = fields.Datetime.to_string(fields.Datetime.now())
            # of several lines changed at once only the outcome counts
            log = log[:1] + [step for step in log[1:] if step["since"] != now]
            # what is recorded is nobody's to write
            session.sudo()._open_door().presiding_log = [
                *log,
                {"attendance": line.id, "since": now},
            ]
            if log:
                self.env["hoithi.ledger"]._append(
                    session.contest_id,
                    "session.presiding",
                    session,
                    {"member": line.member_id.id},
                )

    def _check_not_appointed(self, seat):
        """Let nobody choose oneself to preside, where it isn't one's office.

        Who counts votes may enter oneself: that takes two, none of whom stands to gain.

        :raises UserError: where the seat is the caller's
        """
        if seat._filter_own():
            raise UserError(
                self.env._(
                    "You would appoint yourself for “%s”: another secretary enters it. "
                    "Where there is none, the administrator gives somebody the role.",
                    self.display_name,
                )
            )

    def _check_presided(self):
        """Refuse to go on while nobody presides.

        :raises UserError: where the one who presided has left and no other was chosen
        """
        for session in self:
            if not session.presiding_id:
                raise UserError(
                    self.env._(
                        "Nobody presides over “%s”: choose one of the members present "
                        "under “Presided by”.",
                        session.display_name,
                    )
                )
