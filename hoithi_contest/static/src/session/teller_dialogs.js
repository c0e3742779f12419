import { Component, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** A passphrase goes to the server with the act that needs it, and is kept nowhere. */
class PassphraseDialog extends Component {
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.params = this.props.action.params;
        this.local = useState({ busy: false, error: "" });
        this.passphrase = useRef("passphrase");
    }

    /** Call the server; its refusal stays in the dialog, and what was typed with it. */
    async send(model, method, ids, kwargs) {
        this.local.busy = true;
        this.local.error = "";
        try {
            return { answer: await this.orm.silent.call(model, method, [ids], kwargs) };
        } catch (error) {
            if (!error.data?.message) {
                throw error;
            }
            this.local.error = error.data.message;
            return {};
        } finally {
            this.local.busy = false;
        }
    }

    close(message) {
        this.notification.add(message, { type: "success" });
        return this.action.doAction({ type: "ir.actions.act_window_close" });
    }
}

/** A teller chooses the passphrase of the own key, twice. */
export class TellerKeyDialog extends PassphraseDialog {
    static template = "hoithi_contest.TellerKeyDialog";

    setup() {
        super.setup();
        this.again = useRef("again");
    }

    get intro() {
        return _t(
            "For the secret votes of “%(session)s”. Two tellers together open the box of ballots; nobody else can, the administrator of the server included.",
            { session: this.params.session }
        );
    }

    get hint() {
        return _t(
            "Choose at least %(least)s characters, such as four words that only you would put together. The passphrase is kept nowhere: if it gets lost, the other tellers count, or the vote is taken again.",
            { least: this.params.least }
        );
    }

    async make() {
        const passphrase = this.passphrase.el.value;
        if (passphrase !== this.again.el.value) {
            this.local.error = _t("The two passphrases differ: type the same one twice.");
            this.again.el.focus();
            return;
        }
        const { answer } = await this.send(
            "hoithi.session",
            "action_make_teller_key",
            [this.params.session_id],
            { passphrase }
        );
        if (answer) {
            await this.close(_t("Your teller key is made. Keep the passphrase in mind."));
        }
    }
}

/** Says which votes are counted and how many ballots are out, then counts. */
export class CountVotesDialog extends PassphraseDialog {
    static template = "hoithi_contest.CountVotesDialog";

    setup() {
        super.setup();
        this.reason = useRef("reason");
        this.missing = this.params.votes.some((vote) => vote.cast < vote.issued);
        this.reasonGiven = this.params.votes.every(
            (vote) => vote.cast === vote.issued || vote.reason
        );
    }

    /** How many ballots on this entry are in, in a sentence. */
    tell(vote) {
        const missing = vote.issued - vote.cast;
        if (vote.mode === "open") {
            return missing
                ? _t("%(missing)s of %(issued)s members haven't voted; they stay out of the count.", {
                      missing,
                      issued: vote.issued,
                  })
                : _t("All %(issued)s members have voted.", { issued: vote.issued });
        }
        return missing
            ? _t("%(missing)s of %(issued)s ballots are out; they stay out of the count.", {
                  missing,
                  issued: vote.issued,
              })
            : _t("All %(issued)s ballots are handed in.", { issued: vote.issued });
    }

    tellBegun(vote) {
        return _t("%(begun)s of %(tellers)s tellers have begun to count.", {
            begun: vote.handed_in,
            tellers: this.params.tellers,
        });
    }

    async count() {
        const kwargs = {};
        if (this.params.secret) {
            kwargs.passphrase = this.passphrase.el.value;
        }
        if (this.reason.el?.value.trim()) {
            kwargs.reason = this.reason.el.value;
        }
        const { answer } = await this.send(
            "hoithi.session.item",
            "action_count",
            this.params.votes.map((vote) => vote.id),
            kwargs
        );
        if (answer === true) {
            await this.close(_t("The votes are counted."));
        } else if (answer === false) {
            await this.close(
                _t("Your share is handed in. The box opens when another teller counts.")
            );
        }
    }
}

registry.category("actions").add("hoithi_teller_key", TellerKeyDialog);
registry.category("actions").add("hoithi_count_votes", CountVotesDialog);
