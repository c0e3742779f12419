import base64

from odoo.fields import Command

from ..common import PDF, HoithiCommon


class RuleCampaign(HoithiCommon):
    """A contest under given rules, carried on by its acting roles."""

    def _prepare(self, committee=None, **source):
        """A draft that the secretary makes of rules, with its dates and its council.

        Bodies are chosen once it is there: then the rules are taken once more, with
        what they say of these.
        """
        packs = self.env["hoithi.rule.pack"].with_user(self.secretary)
        pack = packs.create({"new_name": "Hội thi theo thể lệ", **source})
        pack.action_preview()
        self.assertFalse(pack.problems)
        self.assertTrue(pack.can_import)
        draft = self.env["hoithi.contest"].with_user(self.secretary)
        draft = draft.browse(pack.action_import()["res_id"])
        draft.write(
            {
                **self._get_edition_values(),
                "confirming_council_id": committee and committee.id,
            }
        )
        if not draft.legal_basis_ids:
            subject = "về việc tổ chức Hội thi"
            draft.legal_basis_ids = [
                Command.create({"number": "01/QĐ-UBND", "subject": subject})
            ]
        pack = packs.create({"contest_id": draft.id, **source})
        pack.action_preview()
        self.assertFalse(pack.problems)
        self.assertFalse(pack.wall_count)
        if pack.can_import:
            pack.action_import()
        pack.action_preview()
        self.assertFalse(pack.line_ids, "what was taken is there")
        return draft

    def _draft(self, contest, name, field=0, user=None, **values):
        """A draft of the portal user's, with what the rules want of a dossier."""
        user = user or self.staff
        entry = self._create_entry(
            user,
            contest=contest,
            with_file=False,
            name=name,
            field_id=contest.field_ids[field].id,
            **values,
        )
        for dossier_type in contest.asked_dossier_type_ids.filtered("required"):
            self.env["hoithi.dossier.item"].with_user(user).create(
                {
                    "entry_id": entry.id,
                    "type_id": dossier_type.id,
                    "filename": "thuyet-minh.pdf",
                    "datas": base64.b64encode(PDF),
                }
            )
        return entry

    def _enter(self, contest, name, field=0, user=None, **values):
        """An entry that is handed in and admitted."""
        entry = self._draft(contest, name, field, user, **values)
        entry.action_submit()
        office = entry.with_user(self.secretary)
        if contest.age_to:
            age, give = contest.age_to, entry.representative_id.action_give_details
            for years in (age + 1, age):
                give(birth_date=self._get_birthday(contest, years), agreed=True)
                self.assertEqual(bool(office.limit_problems), years > age)
        office.action_mark_eligible()
        return entry

    def _get_birthday(self, contest, years):
        day = contest._get_age_day()
        return day.replace(year=day.year - years, day=min(day.day, 28))

    def _sign(self, review, user):
        """The member signs the statement of interests, where it is asked for."""
        if review.needs_statement:
            action = review.action_sign_statement()
            wizard = self.env["hoithi.statement.sign"].with_user(user)
            wizard = wizard.browse(action["res_id"])
            wizard.accepted = True
            wizard.action_sign()
            self.env.invalidate_all()

    def _judge(self, contest, entry, share, number=0):
        """The members sign, and give a part of each criterion's points.

        :param share: of all, or of each of the members, or a tuple of points
        """
        number = number or contest.reviews_per_entry
        users = (self.chair, self.member1, self.member2)[:number]
        shares = share if isinstance(share, list) else [share] * len(users)
        reviews = self._assign(entry, *users)
        for user, review, given in zip(users, reviews, shares, strict=True):
            self._sign(review, user)
            points = (
                given
                if isinstance(given, tuple)
                else [
                    float(round(line.criterion_id.max_score * given))
                    for line in review.line_ids
                ]
            )
            self._score(review, *points)

    def _decide(self, contest, entries, away=None, weak=()):
        """The council meets, and votes for each of the entries.

        :param away: who is absent, and agrees in writing
        :param weak: entries of which who is absent disagrees
        """
        session = self.env["hoithi.session"].with_user(self.secretary)
        session = session.create({"contest_id": contest.id, "ballot_mode": "open"})
        session.action_all_present()
        session.action_build_agenda()
        voters = [self.chair, self.secretary, self.member1, self.member2]
        if away:
            voters.remove(away)
            line = session.attendance_ids.filtered(
                lambda line: line.member_id.user_id == away
            )
            line.write({"present": False, "reason": "Đi công tác"})
        session.action_open()
        if away:
            session.action_request_opinions(reason="Theo quy chế của Hội đồng")
            own = self.env["hoithi.session.opinion"].with_user(away).search([])
            for opinion in own:
                is_weak = opinion.sudo().item_id.entry_id in weak
                opinion.action_give("disagree" if is_weak else "agree")
        for item in session.item_ids:
            if item.is_moot:
                # nothing further is asked of what isn't approved
                continue
            item.action_start_vote()
            for number, user in enumerate(voters):
                # of four two in the room and the one who is away are two thirds
                choice = "disagree" if away and not number else "agree"
                session.with_user(user).action_cast(item.id, choice)
            item.action_count()
            is_agreed = bool(away) and item.entry_id not in weak
            self.assertEqual(item.written_agree, int(is_agreed))
        session.action_close()
        for item in session.item_ids.filtered(lambda item: not item.is_moot):
            outcome = "rejected" if item.entry_id in weak else "approved"
            self.assertEqual(item.outcome, outcome)
        self.assertEqual(session.item_ids.entry_id, entries)

    def _run(self, contest, shares, fields_of=(), away=None, weak=()):
        """Carry the contest to its nomination; return the entries, best first."""
        self._launch(contest)
        entries = self.env["hoithi.entry"].union(
            *(
                self._enter(contest, f"Giải pháp số {number}", field)
                for number, field in enumerate(fields_of or (0,) * len(shares), start=1)
            )
        )
        self._start_review(contest)
        for entry, share in zip(entries, shares, strict=True):
            self._judge(contest, entry, share)
        contest.action_start_council()
        self._decide(contest, entries, away, entries[slice(*weak)] if weak else ())
        if contest.prize_ids:
            contest.action_award_prizes()
        office = entries.with_user(self.secretary)
        self.assertEqual(office.mapped("rank"), list(range(1, len(shares) + 1)))
        self.assertEqual(entries[0].state, "selected")
        nomination = self.env["hoithi.nomination"].with_user(self.secretary)
        nomination = nomination.browse(contest.action_create_nomination()["res_id"])
        nomination.dispatch_number = "52/TTr"
        nomination.action_send()
        self.assertEqual(entries[0].state, "nominated")
        return office

    def _get_ranks(self, entries):
        return [entry.sudo().award_ids.mapped("rank") for entry in entries]

    def _hold(self, contest, voters, get_choice, **values):
        """A session in which `get_choice` tells what each voter says on an item."""
        session = self.env["hoithi.session"].with_user(self.secretary)
        session = session.create(
            {"contest_id": contest.id, "ballot_mode": "open", **values}
        )
        session.action_all_present()
        session.action_build_agenda()
        session.action_open()
        for item in session.item_ids:
            if item.is_moot:
                continue
            item.action_start_vote()
            for number, user in enumerate(voters):
                session.with_user(user).action_cast(item.id, get_choice(item, number))
            item.action_count()
        session.action_close()
        return session

    def _form_committee(self, users):
        """A second body of these users, the first of them its chair."""
        return self.council.create(
            {
                "name": "Ban Tổ chức",
                "member_ids": [
                    Command.create(
                        {
                            "user_id": user.id,
                            "role": "chair" if user == users[0] else "member",
                        }
                    )
                    for user in users
                ],
            }
        )
