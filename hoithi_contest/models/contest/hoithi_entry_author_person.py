from odoo import api, models
from odoo.exceptions import AccessError, ValidationError

from ...lib.contest import persons
from ...lib.guard import texts
from .hoithi_person import TooManyQueries


class HoithiEntryAuthor(models.Model):
    """Who an author is: looked up from what was given."""

    _inherit = "hoithi.entry.author"

    def _resolve_change(self, vals):
        """Return the values of a change of who the author is, looked up as if new.

        What isn't changed of somebody who isn't a colleague counts as typed.
        """
        self.ensure_one()
        if not {"offer", "employee_id", "partner_id"} & {k for k in vals if vals[k]}:
            kept = ["full_name"] if not self.employee_id else []
            kept += ["email", "is_outsider", "workplace"]
            vals = {name: self[name] for name in kept} | vals
        return self._resolve_person(vals, self.entry_id.contest_id)

    @api.model
    def _resolve_person(self, vals, contest):
        """Return `vals` with who the author is, completed from HR where possible.

        A person is named by `offer`, `employee_id`, `partner_id`, `email` or only
        `full_name`. An address counts for a colleague where one employee alone has it,
        and where the name that was typed, if any, is the same. Of a colleague nothing
        is taken over but name and unit: e-mail and post are the person's to give.
        Beyond the limits of the finder nothing is looked up: what was typed is kept of
        somebody who isn't identified yet, as such called by the address if need be.

        :param vals: values of an author line
        :param contest: whose department's employees count
        :raises AccessError: for an id that the caller may not name
        :raises ValidationError: where nothing names the person, where name and address
            disagree, and for somebody from outside without a workplace
        """
        finder = self.env["hoithi.person"]
        vals = dict(vals)
        offer = vals.pop("offer", None)
        name = given = texts.visible(vals.get("full_name"))
        email = persons.address_key(vals.get("email"))
        if vals.get("email") and not email:
            raise ValidationError(
                self.env._("“%s” isn't an e-mail address.", vals["email"])
            )
        if email and persons.address_key(given) == email:
            # how those are called who have been kept by their address alone
            name = ""
        partner = self.env["res.partner"]
        # staff have no right on HR records, and get no more of them than these values
        employee_sudo = finder._get_staff()
        if offer:
            employee_sudo = finder._read_offer(offer, contest)
        elif vals.get("employee_id"):
            employee_sudo = self._take_employee(vals["employee_id"], contest)
        elif vals.get("partner_id"):
            partner = partner.browse(vals["partner_id"])
            self._check_may_name(partner)
            employee_sudo = finder._find_by_partner(partner, contest.company_id)
        elif email and not vals.get("is_outsider"):
            found_sudo = employee_sudo
            try:
                if not (self.env.su or self.env.user._is_internal()):
                    # the others read the staff directory anyhow
                    finder._count_query(contest.company_id, email)
            except TooManyQueries:
                given = given or email
            else:
                found_sudo = finder._find_by_address(email, contest.company_id)
            if len(found_sudo) == 1:
                if name and not persons.same_words(name, found_sudo.name):
                    raise ValidationError(
                        self.env._(
                            "“%(address)s” is the address of somebody else than "
                            "%(name)s. Choose who is meant: give the address without "
                            "a name, the name without the address, or say that the "
                            "person works elsewhere.",
                            address=email,
                            name=name,
                        )
                    )
                employee_sudo = found_sudo
        if employee_sudo:
            partner = employee_sudo.user_id.partner_id or employee_sudo.work_contact_id
            # whoever registers an entry gives the own address with it
            is_own = bool(partner) and partner == self.env.user.partner_id
            return {
                **vals,
                "employee_id": employee_sudo.id,
                "partner_id": partner.id,
                "full_name": employee_sudo.name,
                "department_id": employee_sudo.department_id.id,
                "job_title": vals.get("job_title") or False,
                "email": is_own and (employee_sudo.work_email or email) or False,
                "is_outsider": False,
                "workplace": False,
            }
        name = name or partner.name or given
        if not name:
            raise ValidationError(
                self.env._("Name each author, or give the work e-mail of a colleague.")
            )
        workplace = texts.visible(vals.get("workplace"))
        if vals.get("is_outsider") and not workplace:
            raise ValidationError(
                self.env._("Tell where %s works, who isn't a colleague.", name)
            )
        return {
            **vals,
            "employee_id": False,
            "partner_id": partner.id,
            "full_name": name,
            "email": email or False,
            "is_outsider": bool(vals.get("is_outsider")),
            "workplace": workplace if vals.get("is_outsider") else False,
        }

    @api.model
    def _take_employee(self, employee_id, contest):
        """Return the employee of this id, with superuser rights.

        :raises AccessError: for an id that the caller may not name
        :raises ValidationError: for somebody who doesn't work in the department
        """
        self._check_may_name(self.env["hr.employee"].browse(employee_id))
        employee_sudo = (
            self.env["hoithi.person"]
            ._get_staff()
            .search(
                [
                    ("id", "=", employee_id),
                    ("company_id", "child_of", contest.company_id.id),
                ]
            )
        )
        if not employee_sudo:
            raise ValidationError(
                self.env._("This person doesn't work in the department.")
            )
        return employee_sudo

    @api.model
    def _check_may_name(self, record):
        """Refuse ids that weren't offered, whether or not they are somebody's.

        :raises AccessError: for whom the caller may not name by id
        """
        if not self.env["hoithi.person"]._may_name(record):
            raise AccessError(
                self.env._(
                    "This colleague wasn't offered to you: look for the name, or give "
                    "name and work e-mail."
                )
            )
