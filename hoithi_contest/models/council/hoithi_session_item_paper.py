from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import NO_ACCESS, Command
from odoo.tools import SQL

from ...lib.council import ballot_box, voting

#: Numbers that a teller enters of a box of paper ballots, in the order of the minutes.
FIGURES = ("issued", "collected", "valid", "invalid", "agree", "disagree")


class HoithiSessionItem(models.Model):
    """A secret vote by ballots on paper, which the tally team counts by hand.

    Two tellers enter what they counted, each without seeing the other's numbers; the
    first adds the scan of the signed paper. Where they agree, the vote is decided.
    """

    _name = "hoithi.session.item"
    _inherit = ["hoithi.session.item", "hoithi.scan.mixin", "hoithi.file.mixin"]

    _fixed_fields = {"is_voted": {"on_paper"}}
    _file_fields = ("paper_scan_ids",)

    on_paper = fields.Boolean(
        string="Ballots on paper",
        compute="_compute_on_paper",
        store=True,
        readonly=False,
        precompute=True,
        help="Of a secret vote: ballots are put into a box, the tally team counts them "
        "by hand, and two tellers enter the numbers. It is fixed once the vote starts.",
    )
    paper_tally = fields.Json(
        readonly=True,
        copy=False,
        groups=NO_ACCESS,
        help="What the first teller entered, until the second has.",
    )
    paper_teller_ids = fields.Many2many(
        "hoithi.council.member",
        "hoithi_session_item_paper_teller_rel",
        "item_id",
        "member_id",
        string="Counted by the tellers",
        readonly=True,
        copy=False,
    )
    paper_scan_ids = fields.Many2many(
        "ir.attachment",
        "hoithi_session_item_paper_scan_rel",
        "item_id",
        "attachment_id",
        string="Signed papers of the count",
        readonly=True,
        copy=False,
    )
    can_enter_paper = fields.Boolean(compute="_compute_can_enter_paper")

    # COMPUTE

    @api.depends("ballot_mode", "session_id.on_paper")
    def _compute_on_paper(self):
        for item in self:
            if item.state == "pending":
                is_secret = item.ballot_mode == "secret"
                item.on_paper = is_secret and item.session_id.on_paper
            else:
                item.on_paper = item.on_paper

    @api.depends_context("uid")
    @api.depends("state", "on_paper", "session_id.tally_member_ids", "recused_ids")
    def _compute_can_enter_paper(self):
        for item in self:
            item.can_enter_paper = (
                item.state == "voting"
                and item.on_paper
                and not item._get_paper_refusal()
            )

    def _compute_my_vote(self):
        super()._compute_my_vote()
        for item in self:
            if item.on_paper and item.my_vote in ("to_vote", "waiting"):
                item.my_vote = "paper"

    # CONSTRAINTS

    @api.constrains("on_paper", "ballot_mode")
    def _check_on_paper(self):
        for item in self:
            if item.on_paper and item.ballot_mode != "secret":
                raise ValidationError(
                    self.env._(
                        "“%s” is voted on openly: ballots on paper are for a secret "
                        "vote.",
                        item.display_name,
                    )
                )

    # ACTION

    def action_open_paper_count(self):
        """Open the dialog in which a teller enters the count of the paper ballots."""
        self.ensure_one()
        self._check_paper()
        wizard = self.env["hoithi.paper.count"].create({"item_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Count of the Paper Ballots"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_enter_paper_count(
        self,
        issued=None,
        collected=None,
        valid=None,
        invalid=None,
        agree=None,
        disagree=None,
        scopes=None,
        scan=None,
        filename=None,
    ):
        """Enter what the caller counted of the paper ballots; two tellers do.

        The vote is decided by the second whose numbers are those of the first. Where
        they differ, neither is told how: both counts are void and on record, and the
        tellers count and enter anew, so that nobody finds numbers by trying.

        :param issued: ballots given out: one to each on the list of voters
        :param collected: ballots found in the box
        :param valid: of these, those that say yes or no
        :param invalid: of these, the others
        :param agree: of the valid ones
        :param disagree: of the valid ones
        :param scopes: of a vote on a scope, how many of those that agree chose each:
            {scope: number}
        :param scan: of the signed paper of the count, in base64; the first adds it
        :param filename: of the scan
        :return: whether the vote is counted now; False where another teller is awaited,
            None where both counts are void
        :raises AccessError: for anyone but a teller without a conflict of interest
        :raises UserError: where the vote isn't on paper or isn't under way, where the
            numbers don't add up
        """
        self.ensure_one()
        self._check_paper()
        given = (issued, collected, valid, invalid, agree, disagree)
        figures = self._read_figures(dict(zip(FIGURES, given, strict=True)))
        figures["scopes"] = self._read_scopes(scopes, figures["agree"])
        # of all members only the tally team may touch an item, by this act
        item_sudo = self.sudo()
        item_sudo._take_turn()
        item_sudo._check_no_awaited()
        item_sudo._check_no_late_conflict()
        first = item_sudo.paper_tally or {}
        member = self.session_id._get_own_teller_seat()
        # the item's readers would read the first count in it: it is linked at the end
        scans_sudo = item_sudo.paper_scan_ids.browse(first.get("scan")).exists()
        scan_sudo = self._take_scan(scan, filename) if scan else scans_sudo
        if not scan_sudo:
            # says what is missing
            self._take_scan(None)
        entered = {**figures, "by": member.id, "scan": scan_sudo.id}
        is_second = first and first["by"] != member.id
        if is_second and any(first.get(name, {}) != figures[name] for name in figures):
            item_sudo._void_counts(member)
            return None
        item_sudo._open_door().write(
            {"paper_tally": entered, "handed_in": 2 if is_second else 1}
        )
        item_sudo._record("paper.entered", {"member": member.id})
        if not is_second:
            self.session_id._tell_board()
            return False
        tellers = [first["by"], member.id]
        item_sudo._open_door().write(
            {
                "paper_teller_ids": [Command.set(tellers)],
                "paper_scan_ids": [
                    Command.link(scan_id) for scan_id in (scans_sudo | scan_sudo).ids
                ],
            }
        )
        item_sudo._decide(
            voting.Tally(*(figures[name] for name in voting.Tally._fields)),
            self.issued,
            figures["scopes"],
        )
        return True

    def action_remind_voters(self):
        """Remind the members who haven't voted; of a paper vote nobody knows who."""
        self.ensure_one()
        self.check_access("write")
        if self.on_paper:
            raise UserError(
                self.env._(
                    "“%s” is voted on by ballots on paper: the tally team collects "
                    "them in the room.",
                    self.display_name,
                )
            )
        return super().action_remind_voters()

    # BUSINESS

    def _check_paper(self):
        """Refuse a count by hand where there is none, and by others than a teller."""
        self.check_access("read")
        if not self.on_paper:
            raise UserError(
                self.env._(
                    "“%s” isn't voted on by ballots on paper: its votes are counted "
                    "here. To vote on paper, take the vote again, choose ballots on "
                    "paper and start it anew.",
                    self.display_name,
                )
            )
        self._check_transition("counted")
        self.session_id._check_presided()
        if refusal := self._get_paper_refusal():
            raise AccessError(refusal)

    def _get_paper_refusal(self):
        """Return why the caller enters no count, or an empty text."""
        self.ensure_one()
        seat = self.session_id._get_own_teller_seat()
        if not seat:
            return self.env._(
                "The tally team alone enters the count of paper ballots: two tellers, "
                "each the own numbers."
            )
        if seat in self.recused_ids | self._get_conflicted():
            return self.env._(
                "You are in a conflict of interest with “%s”: others count it.",
                self.display_name,
            )
        team = self.session_id.tally_member_ids - self.recused_ids
        if seat in self.session_id._get_gaining_tellers(team):
            return self.env._(
                "You compete with “%s”: the other tellers count it.", self.display_name
            )
        return ""

    def _read_figures(self, figures):
        """Return the numbers of a count, checked against each other and the list.

        :raises UserError: with the sum that isn't right
        """
        self.ensure_one()
        if any(type(number) is not int or number < 0 for number in figures.values()):
            raise UserError(
                self.env._("Enter each number of the count, 0 where there is none.")
            )
        if figures["issued"] != self.issued:
            raise UserError(
                self.env._(
                    "%(entered)s ballots issued, but the list of voters has "
                    "%(listed)s. Who left before getting one is marked as absent, and "
                    "the vote is started again.",
                    entered=figures["issued"],
                    listed=self.issued,
                )
            )
        sentences = {
            "collected": self.env._(
                "More ballots were collected (%(collected)s) than issued (%(issued)s): "
                "the vote is taken again."
            ),
            "valid": self.env._(
                "%(valid)s valid and %(invalid)s invalid ballots aren't the "
                "%(collected)s collected: count again."
            ),
            "choices": self.env._(
                "%(agree)s agreeing and %(disagree)s disagreeing aren't the %(valid)s "
                "valid ballots: count again."
            ),
        }
        if problem := voting.find_wrong_sum(**figures):
            raise UserError(sentences[problem] % figures)
        if not figures["collected"]:
            raise UserError(
                self.env._(
                    "No ballot was collected, so there is nothing to count: take the "
                    "vote again later."
                )
            )
        return figures

    def _read_scopes(self, scopes, agree):
        """Hook: return how many chose each scope, checked against those that agree."""
        return {}

    def _void_counts(self, member):
        """Put on record that two counts differ, and wait for both anew.

        :param member: who entered the second
        """
        self.ensure_one()
        first = member.browse(self.paper_tally["by"])
        self._open_door().write({"paper_tally": False, "handed_in": 0})
        self._record("paper.differed", {"members": [first.id, member.id]})
        self.session_id._message_act(
            body=self.env._(
                "%(item)s: the counts of %(first)s and %(second)s differ. Both are "
                "void; the paper ballots are counted again.",
                item=self.display_name,
                first=first.display_name,
                second=member.display_name,
            )
        )
        self.session_id._tell_board()

    def _prepare_ballots(self):
        self.ensure_one()
        if not self.on_paper:
            return super()._prepare_ballots()
        tellers = (
            (self.session_id.tally_member_ids & self.session_id._get_present())
            - self.recused_ids
            - self._get_conflicted()
        )
        if len(tellers) < ballot_box.TELLERS:
            raise UserError(
                self.env._(
                    "The paper ballots on “%(item)s” are counted by %(number)s tellers "
                    "who are present and have no conflict of interest; there are "
                    "%(present)s. Add members to the tally team.",
                    item=self.display_name,
                    number=ballot_box.TELLERS,
                    present=len(tellers),
                )
            )
        return None

    def _cast(self, choice):
        if self.on_paper:
            raise UserError(
                self.env._(
                    "“%s” is voted on by ballots on paper: put yours into the box.",
                    self.display_name,
                )
            )
        return super()._cast(choice)

    def _get_count_refusal(self, shares):
        if self.on_paper:
            return self.env._(
                "“%s” is voted on by ballots on paper: two tellers enter the count.",
                self.display_name,
            )
        return super()._get_count_refusal(shares)

    def _get_blank_vote(self):
        return {
            **super()._get_blank_vote(),
            "paper_tally": False,
            "paper_teller_ids": [Command.clear()],
        }

    def _get_paper_facts(self):
        """Return what a count by hand rests on; nothing of others."""
        self.ensure_one()
        if not self.on_paper or self.state != "counted":
            return {}
        scan = self.paper_scan_ids.browse(self.paper_tally["scan"])
        return {
            "paper": scan.kept_sha256,
            "tellers": sorted(self.paper_teller_ids.ids),
        }

    def _get_decision(self):
        # whoever asks reads the file's fingerprint alone
        return {**super()._get_decision(), **self.sudo()._get_paper_facts()}

    def _get_former_vote(self, reason):
        facts = self._get_paper_facts()
        return [{**vote, **facts} for vote in super()._get_former_vote(reason)]

    def _get_progress(self):
        if self.state == "voting" and self.on_paper:
            return self.env._(
                "%(item)s: ballots on paper; two tellers enter the count, %(tellers)s "
                "have",
                item=self.display_name,
                tellers=self.handed_in,
            )
        return super()._get_progress()

    def _get_board_data(self):
        return {**super()._get_board_data(), "paper": self.on_paper}

    def _get_desk(self):
        return {
            **super()._get_desk(),
            "handed_in": self.handed_in,
            "can_enter": self.can_enter_paper,
        }

    # INVARIANTS

    @api.model
    def _get_tally_queries(self):
        return [
            *super()._get_tally_queries(),
            SQL(
                """SELECT i.entry_id FROM hoithi_session_item i
                   WHERE i.state = 'counted' AND i.on_paper
                     AND (NOT EXISTS (
                            SELECT 1
                            FROM hoithi_session_item_paper_scan_rel s
                            WHERE s.item_id = i.id)
                          OR i.agree <> (i.paper_tally ->> 'agree')::int
                          OR i.valid <> (i.paper_tally ->> 'valid')::int)"""
            ),
        ]
