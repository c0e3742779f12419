import logging
import shutil
from pathlib import Path

from odoo import SUPERUSER_ID, api
from odoo.fields import Command
from odoo.tools import config

from odoo.addons.hoithi_contest.hooks import activate_vietnamese
from odoo.addons.hoithi_contest.lib.contest import headcount
from odoo.addons.hoithi_contest.models.guard.hoithi_states import RUNNING

_logger = logging.getLogger(__name__)

# The shipped criteria as they are named in English and in Vietnamese, and the text of
# an entry that each looks at.
CRITERIA = {
    "hoithi_criterion_novelty": (
        "Novelty and creativity",
        "Tính mới và tính sáng tạo",
        "novelty",
    ),
    "hoithi_criterion_applicability": (
        "Applicability",
        "Khả năng áp dụng",
        "applicability",
    ),
    "hoithi_criterion_benefit": (
        "Technical, economic and social benefit",
        "Hiệu quả kỹ thuật, kinh tế và xã hội",
        "effects",
    ),
}


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    activate_vietnamese(env)
    part_roles(env)
    set_looks_at(cr)
    date_withdrawals(cr)
    count_received(env)
    hide_colleagues(cr)
    hide_grounds(cr)
    mark_lifted_conflicts(cr)
    leave_unconfirmed_open(env)
    keep_campaign_reminders(cr)
    leave_no_receipt_out(env)
    join_runs(env)
    keep_quiet(env)
    name_personal_files(env)
    restart_secret_votes(cr)
    mark_scores(cr)


def part_roles(env):
    """Take from the contest's administrators the system that came with the role.

    Administrators of the system by themselves stay so.
    """
    admin = env.ref("hoithi_contest.group_admin")
    rights = env.ref("base.group_system") | env.ref("base.group_erp_manager")
    before = rights.all_user_ids
    admin.implied_ids = [Command.unlink(group.id) for group in rights]
    lost = before - rights.all_user_ids
    if lost:
        _logger.warning(
            "No longer administrators of the system, as the contest's administrator "
            "isn't one: %s",
            ", ".join(lost.mapped("login")),
        )


def set_looks_at(cr):
    """Tell which text the shipped criteria look at, unless they were renamed.

    In SQL, as a set that sheets were submitted with is frozen: no score depends on it.
    """
    for xmlid, (english, vietnamese, looks_at) in CRITERIA.items():
        cr.execute(
            """UPDATE hoithi_criterion c SET looks_at = %s
               FROM ir_model_data d
               WHERE d.module = 'hoithi_contest' AND d.name = %s
                 AND d.model = 'hoithi.criterion' AND d.res_id = c.id
                 AND c.looks_at IS NULL AND c.name->>'en_US' = %s
                 AND COALESCE(c.name->>'vi_VN', %s) = %s""",
            [looks_at, xmlid, english, vietnamese, vietnamese],
        )


def date_withdrawals(cr):
    """Figures of a past day need the moment; the last change is the nearest known."""
    cr.execute(
        "UPDATE hoithi_entry SET withdrawn_on = write_date"
        " WHERE state = 'withdrawn' AND withdrawn_on IS NULL"
    )


def count_received(env):
    """Entries that were received include those withdrawn since, also on old boards.

    Running contests are counted anew; what a closed one counted last stays, and the
    withdrawn ones are added.
    """
    env.cr.execute("UPDATE hoithi_contest_unit SET competing_count = submitted_count")
    units = env["hoithi.contest.unit"].search([])
    units.invalidate_recordset()
    units._refresh()
    closed = units.contest_id.filtered(lambda c: c.state not in RUNNING)
    rows, parents = units._get_places(closed)
    by_body = {(unit.contest_id, unit.department_id.id): unit for unit in units}
    for (contest, department), numbers in (
        env["hoithi.figures"]
        ._count_entries(closed, ("withdrawn",), ["contest_id", "department_id"])
        .items()
    ):
        body = headcount.nearest(department.id, rows[contest.id], parents)
        unit = by_body.get((contest, body))
        if unit:
            unit.submitted_count += numbers["withdrawn"]


def hide_colleagues(cr):
    """Take out e-mail and post of colleagues, which co-authors could read.

    They came from HR, and of a colleague name and unit alone are the others' to know.
    Posts of those who stand by an entry stay, as they are told with the confirmation.
    """
    cr.execute(
        "UPDATE hoithi_entry_author SET email = NULL,"
        " job_title = CASE WHEN confirmed_on IS NOT NULL THEN job_title END"
        " WHERE employee_id IS NOT NULL AND NOT COALESCE(is_representative, false)"
    )


def hide_grounds(cr):
    """Take out of void sheets what tells their members who wrote the entry.

    The ground stands in the conflict, for the secretary.
    """
    cr.execute(
        "UPDATE hoithi_review SET void_reason = CASE"
        " WHEN void_reason LIKE 'Conflict of interest: %' THEN"
        " 'A conflict of interest with this entry was recorded.'"
        " ELSE 'Đã ghi nhận xung đột lợi ích với hồ sơ này.' END"
        " WHERE state = 'void' AND (void_reason LIKE 'Conflict of interest: %'"
        " OR void_reason LIKE 'Xung đột lợi ích: %')"
    )
    # an author who withdrew wrote the reason, and is who changed the sheet
    cr.execute(
        "UPDATE hoithi_review r SET void_reason = 'Hồ sơ đã được rút.', write_uid = 1"
        " FROM hoithi_entry e WHERE e.id = r.entry_id AND r.state = 'void'"
        " AND e.state = 'withdrawn' AND r.void_reason = e.withdraw_reason"
    )


def mark_lifted_conflicts(cr):
    """Conflicts have a state now: the secretary lifted those that are decided and soft.

    All others stand.
    """
    cr.execute(
        "UPDATE hoithi_conflict SET state = 'lifted' WHERE pinned AND hard IS NOT TRUE"
    )


def keep_campaign_reminders(cr):
    """Let reminders of the campaign's days stand for the end of these days.

    They were recorded for 17:00, and the occasion that keeps anybody from being told
    twice holds the moment.
    """
    cr.execute(
        """
        WITH moved AS (
            SELECT notice.id, notice.deadline AS was,
                   (date_trunc('day', local.moment) + interval '1 day - 1 second')
                   AT TIME ZONE contest.tz AT TIME ZONE 'UTC' AS becomes
              FROM hoithi_notice notice
              JOIN hoithi_notice_rule rule ON rule.id = notice.rule_id
              JOIN hoithi_contest contest ON contest.id = notice.contest_id
     CROSS JOIN LATERAL (
                   SELECT notice.deadline AT TIME ZONE 'UTC' AT TIME ZONE contest.tz
                   ) AS local (moment)
             WHERE rule.anchor IN ('campaign_start', 'campaign_end')
               AND local.moment::time = '17:00'
        )
        UPDATE hoithi_notice notice
           SET deadline = moved.becomes,
               occasion = replace(
                   notice.occasion,
                   to_char(moved.was, 'YYYY-MM-DD HH24:MI'),
                   to_char(moved.becomes, 'YYYY-MM-DD HH24:MI')
               )
          FROM moved
         WHERE notice.id = moved.id
        """
    )


def leave_unconfirmed_open(env):
    """Leave it to the secretary what rests on a co-author who hasn't confirmed.

    Until now a name alone took a member off an entry, and for good.
    """
    conflicts = env["hoithi.conflict"].search(
        [
            ("kind", "=", "coauthor"),
            ("source", "=", "detected"),
            ("state", "=", "standing"),
            ("hard", "=", True),
            ("pinned", "=", False),
        ]
    )
    doubtful = conflicts - conflicts._get_certain()
    doubtful._open_door().write({"state": "possible"})


def join_runs(env):
    """One scheduled action works all that is done in the background."""
    for name in ("cron_make_documents", "cron_invite_staff"):
        cron = env.ref(f"hoithi_contest.{name}", raise_if_not_found=False)
        if cron:
            action = cron.ir_actions_server_id
            cron.unlink()
            action.unlink()
    env["hoithi.run.mixin"]._wake()


def leave_no_receipt_out(env):
    """Receipts are counted so that what is taken back leaves no gap.

    Numbers that are missing already stay so; nobody gets one that was given.
    """
    contests = env["hoithi.contest"].search([("receipt_sequence_id", "!=", False)])
    for sequence in contests.receipt_sequence_id:
        if sequence.implementation == "standard":
            following = sequence.number_next_actual
            sequence.write({"implementation": "no_gap", "number_next": following})


def keep_quiet(env):
    """Let the shipped reminders keep office hours, unless they were given others.

    Those of the last day left at five in the morning.
    """
    for name in (
        "draft_authors",
        "supplement_authors",
        "reviewers",
        "task_leads",
        "late_task_leads",
    ):
        rule = env.ref(
            f"hoithi_contest.hoithi_notice_rule_{name}", raise_if_not_found=False
        )
        if rule and not rule.hour_to:
            rule.write({"hour_from": 7, "hour_to": 17})


def name_personal_files(env):
    """Say of the shipped types which files are about the person."""
    for name in ("form", "photo"):
        dossier_type = env.ref(
            f"hoithi_contest.hoithi_dossier_type_{name}", raise_if_not_found=False
        )
        if dossier_type:
            dossier_type.personal = True


def restart_secret_votes(cr):
    """Take secret votes again that are under way: their boxes were of the former kind.

    A box is opened by two tellers from now on, and its key lies nowhere. What was
    counted stays.
    """
    cr.execute(
        """UPDATE hoithi_session_item i
           SET state = 'pending', issued = 0, restart_reason = concat_ws(
               E'\\n', NULLIF(i.restart_reason, ''), %s)
           FROM hoithi_session s
           WHERE s.id = i.session_id AND s.ballot_mode = 'secret'
             AND i.state = 'voting'
           RETURNING i.id""",
        ["Thay đổi cách niêm phong hòm phiếu khi nâng cấp phần mềm"],
    )
    items = [row[0] for row in cr.fetchall()]
    cr.execute("DELETE FROM hoithi_ballot WHERE item_id = ANY(%s)", [items])
    cr.execute("DELETE FROM hoithi_session_voter WHERE item_id = ANY(%s)", [items])
    folder = Path(config.filestore(cr.dbname)) / "hoithi_ballot"
    shutil.rmtree(folder, ignore_errors=True)
    if items:
        _logger.warning(
            "Secret votes that were under way are taken again: items %s", items
        )


def mark_scores(cr):
    """Tell scores of 0 from those that weren't given yet.

    On a sheet that was submitted once, a 0 was meant: it had to be explained. In a
    draft it stood for nothing as well, so that its member is asked for it.
    """
    cr.execute(
        """UPDATE hoithi_review_line l SET is_scored = true
           FROM hoithi_review r
           WHERE r.id = l.review_id AND l.is_scored IS NOT TRUE
             AND (l.score <> 0 OR r.submitted_on IS NOT NULL
                  OR r.reopen_reason IS NOT NULL)"""
    )
