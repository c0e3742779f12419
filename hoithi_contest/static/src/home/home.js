import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { useSetupAction } from "@web/search/action_hook";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { ContestSwitch } from "../switch/contest_switch";
import { useFollow } from "./follow";
import { severityIcon, severityWord } from "./severity";
import { Way } from "./way";

/** Entries submitted against the deadline: this edition filled, the last one dashed. */
export class Curve extends Component {
    static template = "hoithi_contest.Curve";
    static props = { card: Object };

    get curve() {
        return this.props.card.curve;
    }
    get current() {
        return this.curve.lines.find((line) => !line.is_last);
    }
    get before() {
        return this.curve.lines.find((line) => line.is_last);
    }
    get area() {
        const { points, end } = this.current;
        return `${points} ${end[0]},${this.curve.bottom}`;
    }
    get labelX() {
        return Math.max(this.current.end[0] - 8, this.curve.left + 110);
    }
    get labelY() {
        return Math.max(this.current.end[1] - 9, 12);
    }
    get told() {
        const tell = (line) =>
            _t("%(edition)s: %(number)s entries", { edition: line.label, number: line.total });
        return this.curve.lines.map(tell).join(". ");
    }
}

/** The first screen of each role. */
export class HoithiHome extends Component {
    static template = "hoithi_contest.Home";
    static components = { ContestSwitch, Curve, Layout, Way };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.tours = useService("tour_service");
        this.state = useState({ home: null, isReminding: false });
        this.display = { controlPanel: {} };
        this.go = useFollow({ after: () => this.load() });
        useSetupAction();
        onWillStart(() => this.load());
    }

    get home() {
        return this.state.home;
    }

    async load(contestId) {
        this.state.home = await this.orm.call("hoithi.home", "get_home", [contestId || null]);
    }

    choose = async (contestId) => {
        await this.orm.call("hoithi.home", "choose_contest", [contestId]);
        return this.load(contestId);
    };

    follow = (target) => this.go(this.home.contest?.id, target);

    openContest = () =>
        this.follow({ model: "hoithi.contest", id: this.home.contest.id });
    openContests = () => this.follow({ xmlid: "hoithi_contest.hoithi_contest_action" });

    async remind(key) {
        this.state.isReminding = true;
        try {
            await this.follow({ method: "action_remind", args: [key] });
        } finally {
            this.state.isReminding = false;
        }
    }

    /** Point with the reader's own role at what the work begins with. */
    showAround = () => this.tours.startTour(this.home.tour, { mode: "manual", redirect: false });

    get waitingCount() {
        return this.home.waiting.reduce((sum, line) => sum + (line.number || 1), 0);
    }

    change(figure) {
        return Math.round((figure.value - figure.before) * 10) / 10;
    }

    severityIcon = severityIcon;
    severityWord = severityWord;
}

registry.category("actions").add("hoithi_home", HoithiHome);
