import { Component, useRef } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { useSessionData } from "./session_channel";

/** The screen that everybody in the room sees: it shows, and does nothing. */
export class SessionBoard extends Component {
    static template = "hoithi_contest.SessionBoard";
    static props = { ...standardActionServiceProps };

    setup() {
        this.root = useRef("root");
        this.state = useSessionData(this.props, "get_board_data").state;
    }

    get percentCast() {
        const { cast, issued } = this.state.data.current || this.state.data;
        return issued ? Math.round((100 * cast) / issued) : 0;
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
