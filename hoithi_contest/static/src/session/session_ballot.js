import { Component, useState } from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { useSessionData } from "./session_channel";

/** A member's own ballot, made for a phone: one entry, three large buttons. */
export class SessionBallot extends Component {
    static template = "hoithi_contest.SessionBallot";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.action = useService("action");
        const { state, load } = useSessionData(this.props, "get_ballot_data");
        this.state = state;
        this.load = load;
        this.local = useState({ busy: false });
        this.choices = [
            { key: "agree", label: _t("Agree"), icon: "fa-check" },
            { key: "disagree", label: _t("Disagree"), icon: "fa-times" },
            { key: "blank", label: _t("Blank"), icon: "fa-circle-o" },
        ];
        this.labels = {
            none: _t("You have no vote."),
            absent: _t("You have no ballot for this entry."),
            recused: _t("Conflict of interest: please leave the room."),
            waiting: _t("The vote hasn't started yet."),
            voted: _t("Your vote is recorded."),
        };
    }

    /** What waits for the member's vote, the entry under discussion first. */
    get waiting() {
        return this.state.data.items
            .filter((item) => item.mine === "to_vote")
            .sort((a, b) => b.current - a.current);
    }

    /** The entry under discussion, where there is nothing for the member to do. */
    get current() {
        return this.state.data.items.find(
            (item) => item.current && item.mine !== "to_vote"
        );
    }

    get others() {
        return this.state.data.items.filter((item) => item.mine !== "to_vote");
    }

    /** Open one of the tellers' dialogs, then look again. */
    async openDialog(method) {
        const action = await this.orm.call("hoithi.session", method, [
            [this.state.data.id],
        ]);
        await this.action.doAction(action, { onClose: () => this.load() });
    }

    ask(item, choice) {
        this.dialog.add(ConfirmationDialog, {
            title: choice.label,
            body: _t("“%(entry)s”: your vote is “%(choice)s”. It can't be changed.", {
                entry: item.name,
                choice: choice.label,
            }),
            confirmLabel: _t("Cast the vote"),
            confirm: () => this.cast(item, choice),
            cancelLabel: _t("Back"),
            cancel: () => {},
        });
    }

    async cast(item, choice) {
        this.local.busy = true;
        try {
            await this.orm.call("hoithi.session", "action_cast", [
                [this.state.data.id],
                item.id,
                choice.key,
            ]);
        } finally {
            this.local.busy = false;
            this.load();
        }
    }
}

registry.category("actions").add("hoithi_session_ballot", SessionBallot);
