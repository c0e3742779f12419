import { Component, onPatched, onWillUnmount, useRef, useState } from "@odoo/owl";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** A conclusion is kept this long after the last key. */
const PAUSE = 1000;

/** An open session: the agenda, what is decided on now, and who is there. */
export class SessionDesk extends Component {
    static template = "hoithi_contest.SessionDesk";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.root = useRef("root");
        this.state = useState({ typed: null, saved: "" });
        onWillUnmount(() => this.keep());
        // also from the conclusion; the record's own pager keeps Alt+N elsewhere
        const whileRun = {
            bypassEditableProtection: true,
            isAvailable: () => Boolean(this.desk?.is_run),
        };
        useHotkey("control+enter", () => this.press("start", "enter", "count"), whileRun);
        useHotkey("alt+n", () => this.press("next"), whileRun);
        // the item under discussion stays in sight
        let shown = null;
        onPatched(() => {
            if (this.item?.id !== shown) {
                shown = this.item?.id;
                this.root.el
                    ?.querySelector("[aria-current]")
                    ?.scrollIntoView({ block: "nearest" });
            }
        });
    }

    get desk() {
        return this.props.record.data[this.props.name];
    }
    get item() {
        return this.desk.item;
    }
    get missing() {
        return this.item.issued - this.item.cast;
    }
    /** Beside the tally team of a secret vote there is room for who is awaited. */
    get voters() {
        const { voters, mode } = this.item;
        return mode === "secret" ? voters.filter((voter) => !voter.voted) : voters;
    }
    get percentCast() {
        return this.item.issued ? Math.round((100 * this.item.cast) / this.item.issued) : 0;
    }
    get conclusion() {
        const { typed } = this.state;
        return typed?.item === this.item.id ? typed.text : this.item.conclusion;
    }

    initial(name) {
        return name.trim().split(/\s+/).at(-1)[0].toUpperCase();
    }
    score(value) {
        return formatFloat(value, { digits: [6, 1] });
    }

    agendaState(item) {
        if (item.state === "counted") {
            const said = { agree: item.agree, base: item.base };
            return item.outcome === "approved"
                ? { icon: "fa-check o_hoithi_done", text: _t("approved %(agree)s/%(base)s", said) }
                : { icon: "fa-times o_hoithi_block", text: _t("not approved %(agree)s/%(base)s", said) };
        }
        const isSecret = item.mode === "secret";
        return item.state === "voting"
            ? {
                  icon: isSecret ? "fa-lock" : "fa-play",
                  text: isSecret ? _t("secret ballot under way") : _t("voting now"),
              }
            : {
                  icon: isSecret ? "fa-lock" : "",
                  text: isSecret ? _t("secret ballot") : _t("waiting"),
              };
    }

    get where() {
        const { number, code, field, score } = this.item;
        return [
            _t("Item %(number)s/%(all)s", { number, all: this.desk.total }),
            code,
            field,
            score && _t("%s points", this.score(score)),
        ]
            .filter(Boolean)
            .join(" · ");
    }

    get neededText() {
        const { needed, base, ratio, approval_base: of } = this.item;
        const values = { needed, base, ratio };
        if (of === "present") {
            return _t("at least %(needed)s/%(base)s agreeing (%(ratio)s of those present)", values);
        }
        return of === "all_members"
            ? _t("at least %(needed)s/%(base)s agreeing (%(ratio)s of all members)", values)
            : _t("at least %(needed)s/%(base)s agreeing (%(ratio)s of the voting members)", values);
    }

    get sheetsText() {
        const { totals, spread, selecting } = this.item;
        return {
            totals: totals.map((total) => this.score(total)).join(" · "),
            number: _t("%s sheets:", totals.length),
            spread: _t("(apart by %s)", this.score(spread)),
            selecting: `${selecting}/${totals.length}`,
        };
    }

    get texts() {
        const { decided, total, present, voting, least, ratio } = this.desk;
        return {
            decided: _t("%(decided)s/%(total)s decided", { decided, total }),
            quorum: _t(
                "%(present)s/%(voting)s voting members present; at least %(least)s are needed (%(ratio)s).",
                { present, voting, least, ratio }
            ),
            recused: _t(
                "%s: conflict of interest, out of the room and without a ballot on this item.",
                this.item.recused?.join(", ")
            ),
            tellers: _t("at least 2 together; %s have begun to count", this.item.handed_in),
            papers: _t("%s ballots issued on paper;", this.item.issued),
            remind: _t("Remind the %s who haven't voted", this.missing),
            early: _t("Count now, without %s…", this.missing),
            saved: _t("Saved at %s", this.state.saved),
        };
    }

    rollNote(line) {
        return [
            line.role,
            line.presides && _t("presides"),
            !line.can_vote && _t("no vote"),
            line.is_out && _t("out of the room"),
        ]
            .filter(Boolean)
            .join(" · ");
    }

    // ACTS

    async reload() {
        await this.props.record.load();
    }

    /** Press a button of an item of the agenda, once what was typed is kept. */
    act = async (name, id = this.item.id) => {
        await this.keep();
        if (!(await this.props.record.save())) {
            return;
        }
        await this.action.doActionButton({
            type: "object",
            name,
            resModel: "hoithi.session.item",
            resId: id,
            context: {},
            onClose: () => this.reload(),
        });
    };

    /** Press the one of these buttons that is the next act, where it can be pressed. */
    press(...names) {
        const places = names.map((name) => `.btn-primary.o_hoithi_desk_${name}:enabled`);
        this.root.el?.querySelector(places.join())?.click();
    }

    show(item) {
        if (this.desk.is_run && !item.current) {
            return this.act("action_present", item.id);
        }
        return this.act("action_view_tally", item.id);
    }

    async setPresent(line, ev) {
        try {
            await this.orm.write("hoithi.session.attendance", [line.id], {
                present: ev.target.checked,
            });
        } finally {
            // what is refused goes back
            ev.target.checked = line.present;
            await this.reload();
        }
    }

    preside = async (ev) => {
        try {
            await this.orm.write("hoithi.session", [this.desk.session], {
                presiding_id: Number(ev.target.value) || false,
            });
        } finally {
            await this.reload();
        }
    };

    openEntry = () =>
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "hoithi.entry",
            res_id: this.item.entry,
            views: [[false, "form"]],
        });

    openSheets = () =>
        this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("Score sheets"),
            res_model: "hoithi.review",
            domain: [["id", "in", this.item.reviews]],
            views: [
                [false, "list"],
                [false, "form"],
            ],
        });

    // CONCLUSION

    type(ev) {
        this.state.typed = { item: this.item.id, text: ev.target.value };
        this.state.saved = "";
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.keep(), PAUSE);
    }

    /** Write what was typed to the item at which it was typed. */
    async keep() {
        clearTimeout(this.timer);
        const { typed } = this.state;
        if (!typed || typed.isSent) {
            return;
        }
        typed.isSent = true;
        try {
            await this.orm.write("hoithi.session.item", [typed.item], {
                conclusion: typed.text,
            });
            if (this.item?.id === typed.item) {
                this.item.conclusion = typed.text;
            }
            if (this.state.typed === typed) {
                // what others write from now on is shown
                this.state.typed = null;
            }
            this.state.saved = luxon.DateTime.now().toFormat("HH:mm");
        } catch (error) {
            // what the server refused stays on the screen, and holds up no act: it is
            // sent again once more is typed
            typed.isSent = !(error instanceof ConnectionLostError);
            throw error;
        }
    }
}

registry.category("fields").add("hoithi_session_desk", {
    component: SessionDesk,
    supportedTypes: ["json"],
});
