import { Component, onWillUnmount, useExternalListener, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { useSessionData } from "./session_channel";

/** Milliseconds until a vote that didn't get through is sent again. */
export const RESEND = 3000;

/**
 * A member's own ballot, made for a phone: one entry, three large buttons that weigh the
 * same. A vote that doesn't get through says so, and is sent again: the server takes one
 * alone, so that it is looked up first whether it arrived. It stays in the memory of this
 * page and nowhere else, as a ballot may be secret.
 */
export class SessionBallot extends Component {
    static template = "hoithi_contest.SessionBallot";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        const { state, load } = useSessionData(this.props, "get_ballot_data");
        this.state = state;
        this.load = load;
        // the vote under way: confirm, sending, lost or refused
        this.local = useState({ vote: null, status: "", since: "", refusal: "" });
        this.timer = null;
        useBus(useService("bus_service"), "BUS:RECONNECT", () => this.resend());
        useExternalListener(window, "online", () => this.resend());
        useExternalListener(window, "beforeunload", (ev) => {
            if (this.local.status === "lost") {
                ev.preventDefault();
            }
        });
        onWillUnmount(() => browser.clearTimeout(this.timer));
        this.labels = {
            none: _t("You have no vote."),
            absent: _t("You have no ballot for this entry."),
            recused: _t("Conflict of interest: please leave the room."),
            waiting: _t("The vote hasn't started yet."),
            voted: _t("Your vote is recorded."),
            paper: _t("Ballots on paper: put yours into the box."),
        };
    }

    /** What waits for the member's vote: what was asked for, the entry under discussion. */
    get waiting() {
        const { item_id } = this.props.action.params || {};
        const isAsked = (item) => item.id === item_id;
        return this.state.data.items
            .filter((item) => item.mine === "to_vote")
            .sort((a, b) => isAsked(b) - isAsked(a) || b.current - a.current);
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

    /** What may be voted; who names a scope agrees. */
    getChoices(item) {
        const icons = { disagree: "fa-times", blank: "fa-circle-o" };
        return item.choices.map(({ key, label }) => ({
            key,
            label,
            icon: icons[key] || "fa-check",
            look: key in icons ? key : "agree",
        }));
    }

    getNumber(item) {
        const { items } = this.state.data;
        const values = { number: items.findIndex(({ id }) => id === item.id) + 1, all: items.length };
        return _t("Item %(number)s/%(all)s", values);
    }

    get told() {
        const { vote, since } = this.local;
        const choice = vote && vote.choice.label;
        return {
            confirm: _t("You vote “%s” on this entry. It can't be changed once it is sent.", choice),
            lost: _t("Your vote “%s” is on this device alone and isn't recorded.", choice),
            since: _t("no network since %s", since),
        };
    }

    // THE VOTE

    choose(item, choice) {
        Object.assign(this.local, { vote: { item, choice }, status: "confirm", refusal: "" });
    }

    /** Give up the vote under way, which the server hasn't. */
    drop() {
        browser.clearTimeout(this.timer);
        Object.assign(this.local, { vote: null, status: "", since: "", refusal: "" });
    }

    /** Send the vote, and again until the server has answered. */
    async send() {
        const { item, choice } = this.local.vote;
        browser.clearTimeout(this.timer);
        this.local.status = "sending";
        try {
            await this.orm.silent.call("hoithi.session", "action_cast", [
                [this.state.data.id],
                item.id,
                choice.key,
            ]);
        } catch (error) {
            this.fail(error);
            return;
        }
        this.drop();
        this.load();
    }

    fail(error) {
        if (error instanceof ConnectionLostError) {
            this.local.status = "lost";
            this.local.since ||= luxon.DateTime.now().toFormat("HH:mm");
            this.timer = browser.setTimeout(() => this.resend(), RESEND);
        } else {
            this.refuse((error.data && error.data.message) || error.message);
        }
    }

    refuse(message) {
        Object.assign(this.local, { status: "refused", refusal: message });
        this.load();
    }

    /** Look whether the lost vote arrived; if it didn't, send it, or say why it can't be. */
    async resend() {
        if (this.local.status !== "lost") {
            return;
        }
        browser.clearTimeout(this.timer);
        this.local.status = "sending";
        try {
            await this.load();
        } catch (error) {
            this.fail(error);
            return;
        }
        const item = this.state.data.items.find(({ id }) => id === this.local.vote.item.id);
        if (item && item.mine === "voted") {
            this.drop();
        } else if (item && item.mine === "to_vote") {
            await this.send();
        } else {
            this.refuse(
                item && item.state === "counted"
                    ? _t("The votes were counted before yours arrived.")
                    : _t("The vote on this entry isn't open any more.")
            );
        }
    }
}

registry.category("actions").add("hoithi_session_ballot", SessionBallot);
