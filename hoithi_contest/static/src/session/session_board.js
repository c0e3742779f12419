import { Component, useRef } from "@odoo/owl";
import { localization } from "@web/core/l10n/localization";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { useSessionData } from "./session_channel";

/** Voters for whom a field each is drawn; beyond it is a bar. */
const MOST_SLOTS = 20;

/** The screen that everybody in the room sees: it shows, and does nothing. */
export class SessionBoard extends Component {
    static template = "hoithi_contest.SessionBoard";
    static props = { ...standardActionServiceProps };

    setup() {
        this.root = useRef("root");
        this.action = useService("action");
        this.state = useSessionData(this.props, "get_board_data").state;
    }

    get percentCast() {
        const { cast, issued } = this.state.data.current || this.state.data;
        return issued ? Math.round((100 * cast) / issued) : 0;
    }

    /** A field for each vote, filled once it is cast. */
    get slots() {
        const { cast, issued } = this.state.data.current || this.state.data;
        return issued > MOST_SLOTS
            ? []
            : Array.from({ length: issued || 0 }, (_slot, index) => index < cast);
    }

    get itemLabel() {
        const { current, items } = this.state.data;
        return _t("Item %(number)s/%(all)s", { number: current.number, all: items });
    }

    get scoreLabel() {
        const score = String(Math.round(this.state.data.current.score * 100) / 100);
        return _t("%s points", score.replace(".", localization.decimalPoint));
    }

    get neededLabel() {
        const { needed, base } = this.state.data.current;
        return _t("%(needed)s/%(base)s agreeing", { needed, base });
    }

    /** Whether there is a page to go back to; the screen hides Odoo's own bar. */
    get canLeave() {
        return Boolean(this.env.config?.historyBack) && !document.fullscreenElement;
    }

    openSessions() {
        return this.action.doAction("hoithi_contest.hoithi_session_action", {
            clearBreadcrumbs: true,
        });
    }

    leave() {
        this.env.config.historyBack();
    }

    get absent() {
        return this.state.data.members.filter((member) => !member.present);
    }

    toggleFullscreen() {
        if (document.fullscreenElement) {
            document.exitFullscreen();
        } else {
            this.root.el.requestFullscreen();
        }
    }
}

registry.category("actions").add("hoithi_session_board", SessionBoard);
