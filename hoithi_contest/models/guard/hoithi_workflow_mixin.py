from typing import NamedTuple

from odoo import api, models, tools
from odoo.exceptions import AccessError, UserError

from .hoithi_guard_mixin import DOOR, Door


class Transition(NamedTuple):
    """One allowed change of state.

    `method` is the public method that makes it, or an empty text where it happens by
    itself; `groups` are the external ids of the groups that may (empty: the method
    itself decides, as for authors); `needs_input` tells that the method asks for a
    reason or the like, so that it can't be made by dragging a card.
    """

    source: str
    target: str
    method: str = ""
    groups: tuple[str, ...] = ()
    needs_input: bool = False


class HoithiWorkflowMixin(models.AbstractModel):
    """The one door for `state`: whatever isn't in the map of transitions is refused.

    A dragged card, an import and an RPC call all end in `write`; there a change of
    state is handed to the method of its transition, with all that the method checks.
    """

    _name = "hoithi.workflow.mixin"
    _inherit = ["hoithi.guard.mixin", "hoithi.reason.mixin"]
    _description = "One door for changes of state"

    #: The ways of a room between states; other rooms add theirs under the same name.
    _transitions: tuple[Transition, ...] = ()

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        if not self._is_data_load():
            initial = self._get_initial_state()
            for vals in vals_list:
                if vals.get("state", initial) != initial:
                    raise UserError(
                        self.env._(
                            "A new record begins as “%(state)s”.",
                            state=self._get_state_label(initial),
                        )
                    )
        return super().create(vals_list)

    def write(self, vals):
        if "state" not in vals or self._is_data_load():
            return super().write(vals)
        target = vals["state"]
        if self._is_door_open(target):
            return super().write(vals)
        self._take_transition(target)
        others = {name: value for name, value in vals.items() if name != "state"}
        return self.write(others) if others else True

    # GUARD

    @api.model
    def _get_server_fields(self):
        # a change of state is a transition, see `write`
        return tuple(n for n in super()._get_server_fields() if n != "state")

    @api.model
    def _get_guarded_defaults(self):
        return super()._get_guarded_defaults() | {"state"}

    @api.model
    def _is_believed(self, name):
        # as above
        return name != "state" and super()._is_believed(name)

    # BOARD

    @api.model
    def _web_read_group_format(self, groupby, aggregates, groups):
        rows = super()._web_read_group_format(groupby, aggregates, groups)
        if groupby == ("state",) and self.env.context.get("read_group_expand"):
            self._fold_columns(rows)
        return rows

    @api.model
    def _fold_columns(self, rows):
        """Fold the columns in which nothing is to be done, so that the others fit.

        The reader's own folding and unfolding is kept by the web client.
        """
        counts = {row["state"]: row.get("__count", 0) for row in rows}
        folded = self._get_folded(counts)
        if counts and folded >= counts.keys():
            folded = folded - {max(counts, key=counts.get)}
        for row in rows if folded else ():
            row["__fold"] = row["state"] in folded

    @api.model
    def _get_folded(self, counts):
        """Hook: return the states whose columns a board folds.

        :param counts: how many records are in each state
        """
        return set()

    # TRANSITIONS

    @api.model
    @tools.ormcache()
    def _get_transitions(self):
        """Return the map of transitions, those of the lower rooms first."""
        declared = self._get_declared("_transitions")
        return tuple(step for steps in declared for step in steps)

    @api.model
    def _get_reason_methods(self):
        methods = {t.method for t in self._get_transitions() if t.needs_input}
        return methods | super()._get_reason_methods()

    @api.model
    def _get_initial_state(self):
        return next(iter(dict(self._fields["state"].selection)))

    @api.model
    def _get_state_label(self, state):
        labels = dict(self._fields["state"]._description_selection(self.env))
        return labels.get(state, state) if isinstance(state, str) else str(state)[:80]

    def _is_door_open(self, target):
        door = self.env.context.get(DOOR)
        return isinstance(door, Door) and door == Door(self._name, target)

    def _get_transition(self, target, act=None):
        """Return the transition from the record's state to `target`.

        :param act: name of the method that is to make it
        :raises UserError: where the map has none
        """
        self.ensure_one()
        for transition in self._get_transitions():
            if (transition.source, transition.target) == (self.state, target) and (
                act in (None, transition.method)
            ):
                return transition
        if self.state == target:
            # pressed twice, or again as the answer was lost
            raise UserError(
                self.env._(
                    "“%(record)s” is “%(state)s” already; nothing was done twice.",
                    record=self.display_name,
                    state=self._get_state_label(target),
                )
            )
        raise UserError(
            self.env._(
                "“%(record)s” can't go from “%(present)s” to “%(target)s”.",
                record=self.display_name,
                present=self._get_state_label(self.state),
                target=self._get_state_label(target),
            )
            + self._tell_possible_moves()
        )

    def _tell_possible_moves(self):
        """Return where the record may go now by the caller's acts, as a sentence."""
        self.ensure_one()
        user = self.env.user
        possible = [
            self._get_state_label(transition.target)
            for transition in self._get_transitions()
            if transition.source == self.state != transition.target
            and transition.groups
            and user.has_groups(",".join(transition.groups))
        ]
        if not possible:
            return ""
        return " " + self.env._(
            "From there it can go to: %s.", ", ".join(dict.fromkeys(possible))
        )

    def _tell_own_way(self, target):
        """Return why nobody moves the record to `target`, as a sentence."""
        return self.env._(
            "“%(target)s” can't be set by hand: “%(record)s” gets it by itself when "
            "its work is done.",
            target=self._get_state_label(target),
            record=self.display_name,
        )

    def get_move(self, target):
        """Tell a board what dropping the record on a column does.

        :param target: the state of the column
        :return: ``{"action": …}`` with the dialog that the act opens first, or
            ``{"refusal": …}`` with why it isn't possible and what is, or an empty
            dictionary where it is done at once
        """
        self.ensure_one()
        self.check_access("read")
        try:
            transition = self._get_transition(target)
        except UserError as refusal:
            return {"refusal": str(refusal)}
        if transition.groups and not self.env.user.has_groups(
            ",".join(transition.groups)
        ):
            return {
                "refusal": self.env._(
                    "Your role can't move “%(record)s” to “%(target)s”.",
                    record=self.display_name,
                    target=self._get_state_label(target),
                )
            }
        if not transition.method:
            return {"refusal": self._tell_own_way(target)}
        ask = getattr(
            self, transition.method.replace("action_", "action_ask_", 1), None
        )
        if ask and self._is_asked_first(transition):
            # as a call from a script gets it, the client adds no views to an action
            return {"action": {"views": [(False, "form")], **ask()}}
        return {}

    @api.readonly
    def get_moves(self):
        """Tell a board where a card that is being dragged may go.

        :return: by state, where it is another than the record's: ``done`` for what
            the drop does at once, ``asks`` where it opens a dialog first, ``refused``;
            :meth:`get_move` has the words
        """
        self.ensure_one()
        self.check_access("read")
        moves = {}
        for state in self._fields["state"].get_values(self.env):
            if state == self.state:
                continue
            try:
                transition = self._get_transition(state)
            except UserError:
                moves[state] = "refused"
                continue
            groups = ",".join(transition.groups)
            if not transition.method or (
                groups and not self.env.user.has_groups(groups)
            ):
                moves[state] = "refused"
            else:
                is_asked = self._is_asked_first(transition)
                moves[state] = "asks" if is_asked else "done"
        return moves

    @api.model
    def _is_asked_first(self, transition):
        """Tell whether a dialog comes before an act: it asks, or shows what it does."""
        # where the model has acts that are shown first
        previews = getattr(self, "_get_previews", dict)()
        return transition.needs_input or transition.method in previews

    def _take_transition(self, target):
        """Make a change of state that was asked for by writing the field."""
        for record in self:
            if record.state == target:
                continue
            transition = record._get_transition(target)
            if not transition.method:
                raise UserError(record._tell_own_way(target))
            if transition.needs_input:
                raise UserError(
                    record.env._(
                        "A reason is needed to move “%(record)s” to “%(target)s”: "
                        "open it and use its button.",
                        target=record._get_state_label(target),
                        record=record.display_name,
                    )
                )
            getattr(record, transition.method)()

    def _check_transition(self, target, act=None):
        """Check the map and the groups before anything else of an action happens.

        :param act: name of the action, where others lead to the same state from
            elsewhere
        :raises UserError: where the map doesn't allow the change
        :raises AccessError: where the user's groups don't
        """
        for record in self:
            transition = record._get_transition(target, act)
            if (
                transition.groups
                and not self.env.su
                and not self.env.user.has_groups(",".join(transition.groups))
            ):
                raise AccessError(
                    record.env._(
                        "Your role can't move “%(record)s” to “%(target)s”.",
                        record=record.display_name,
                        target=record._get_state_label(target),
                    )
                )

    def _move(self, target, **vals):
        """Pass the door: check the map and write the state with `vals`."""
        self._check_transition(target)
        door = Door(self._name, target)
        return self.with_context(**{DOOR: door}).write({**vals, "state": target})
