from odoo import models
from odoo.exceptions import AccessError, MissingError, UserError

from ...tools import RELOAD, tell

#: Reasons that are spelt out; the others are counted.
NAMED = 10


class HoithiBulkMixin(models.AbstractModel):
    """Acts on many chosen records: what can be done is done, the rest is told of."""

    _name = "hoithi.bulk.mixin"
    _description = "Acts on Many Records"

    def _do_what_can_be_done(
        self, method, state=None, left_out=(), then=None, **values
    ):
        """Take an act for each of these records as far as it is possible.

        :param method: name of a method that refuses all of them for one
        :param state: what they become, where the act changes their state
        :param left_out: (record, reason) of those that the caller knows to be left
            out; they aren't among these records
        :param then: an action that follows the notice; else the page is read again
        :param values: what the method gets by name
        :return: a notice of what was done, and of why the others weren't; what the
            method leads to, as a run in the background, comes after it
        :raises AccessError: where the caller may do it to none of them
        """

        def act(records):
            return getattr(records, method)(**values)

        done, refused, results = self._try_bulk(act) if self else (self, [], [])
        if refused and not done and not left_out:
            denied = [no for _record, no in refused if isinstance(no, AccessError)]
            if len(denied) == len(refused):
                raise denied[0]
        refusals = [*refused, *left_out]
        told = [self._tell_bulk_done(len(done), len(done) + len(refusals), state)]
        told += self._tell_bulk_left_out(refusals)
        for result in results:
            if not isinstance(result, dict):
                continue
            if result.get("tag") == "display_notification":
                told.append(result["params"]["message"])
                refusals = refusals or [result]
            else:
                then = result
        kind = "success" if not refusals else "warning" if done else "danger"
        return tell("\n".join(told), kind, bool(refusals), then or RELOAD)

    def _try_bulk(self, act):
        """Take an act for all at once, else for halves, down to those that refuse.

        :return: the records that it was done for, (record, refusal) of the others, and
            what the act has returned each time
        """
        try:
            # what was begun for all is undone where one of them refuses
            with self.env.cr.savepoint():
                result = act(self)
            return self, [], [result]
        except UserError as refusal:
            if len(self) == 1:
                return self.browse(), [(self, refusal)], []
        half = len(self) // 2
        first, second = self[:half]._try_bulk(act), self[half:]._try_bulk(act)
        return tuple(one + other for one, other in zip(first, second, strict=True))

    def _tell_bulk_done(self, done, chosen, state):
        labels = state and dict(self._fields["state"]._description_selection(self.env))
        label = labels and labels[state]
        if not done:
            return self.env._("Nothing was done.")
        if label and done == chosen:
            return self.env._(
                "%(number)s records are now “%(state)s”.", number=done, state=label
            )
        if label:
            return self.env._(
                "%(number)s of %(chosen)s records are now “%(state)s”.",
                number=done,
                chosen=chosen,
                state=label,
            )
        if done == chosen:
            return self.env._("Done for %s records.", done)
        return self.env._(
            "Done for %(number)s of %(chosen)s records.", number=done, chosen=chosen
        )

    def _tell_bulk_left_out(self, refusals):
        """Return why records were left out, as lines; the same reason is said once."""
        if not refusals:
            return []
        reasons = {}
        for record, refusal in refusals:
            # what is gone, or isn't for the caller, has no name
            is_known = not isinstance(refusal, AccessError | MissingError)
            reasons.setdefault(str(refusal), []).append(is_known and record)
        lines = [self.env._("Left out %s:", len(refusals))]
        for reason, records in list(reasons.items())[:NAMED]:
            if len(records) > 1:
                lines.append(
                    self.env._(
                        "• %(number)s records: %(reason)s",
                        number=len(records),
                        reason=reason,
                    )
                )
            else:
                lines.append("• " + self._name_bulk_refusal(reason, records[0]))
        if len(reasons) > NAMED:
            lines.append("…")
        return lines

    def _name_bulk_refusal(self, reason, record):
        """Return the reason, with the name before it where it doesn't say whose."""
        name = record and record.display_name
        return f"{name}: {reason}" if name and name not in reason else reason
