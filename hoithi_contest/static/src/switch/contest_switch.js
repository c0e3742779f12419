import { Component } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { Domain } from "@web/core/domain";
import { useBus } from "@web/core/utils/hooks";
import { patch } from "@web/core/utils/patch";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { SearchModel } from "@web/search/search_model";

/** Key of an action's context: its lists are narrowed to one contest at a time. */
const SWITCH = "hoithi_contest_switch";
/** Key of the context: the contest that is shown, which the server proposes. */
const SHOWN = "hoithi_contest_shown";
/** Defaults of a search that the switch takes the place of. */
const CONTEST = "search_default_contest_id";
const RUNNING = "search_default_running";

/** The pill that tells which contest is shown, and shows another. */
export class ContestSwitch extends Component {
    static template = "hoithi_contest.ContestSwitch";
    static components = { Dropdown, DropdownItem };
    static props = {
        contests: Array,
        current: { type: [Number, Boolean] },
        choose: Function,
        chooseAll: Function,
    };

    get shown() {
        return this.props.contests.find((contest) => contest.id === this.props.current);
    }
}

/** The same beside the search of lists and boards. */
export class SearchContestSwitch extends Component {
    static template = "hoithi_contest.SearchContestSwitch";
    static components = { ContestSwitch };
    static props = {};

    setup() {
        useBus(this.env.searchModel, "update", () => this.render());
    }

    get contestSwitch() {
        return this.env.searchModel.contestSwitch;
    }
    choose = (id) => this.env.searchModel.switchContest(id);
    chooseAll = () => this.env.searchModel.switchContest(false);
}

patch(ControlPanel, {
    components: { ...ControlPanel.components, SearchContestSwitch },
});

patch(SearchModel.prototype, {
    async load(config) {
        this.contestSwitch = null;
        // a form between two looks at a list keeps what that shows
        this.shownContest = config.state?.shownContest;
        const { context = {}, domain = [], searchViewFields = {} } = config;
        // a form shows its record; what is picked in a dialog has limits of its own
        const isList = this.env.config?.viewType !== "form" && !this.env.inDialog;
        if (!context[SWITCH] || !isList || !searchViewFields.contest_id) {
            return super.load({ ...config, context: this._withShown(context) });
        }
        const { contests, current } = await this.orm.call("hoithi.home", "get_switch", []);
        const others = { ...context };
        let shown = current;
        if (this.shownContest !== undefined) {
            // back on a list: as it was left
            shown = this.shownContest;
        } else if (context[CONTEST]) {
            // a link to the rows of one contest shows these, and is no choice
            shown = context[CONTEST];
        }
        if (shown && !contests.some((contest) => contest.id === shown)) {
            return super.load(config);
        }
        delete others[RUNNING];
        delete others[CONTEST];
        const { required, related } = searchViewFields.contest_id;
        // letters of no contest are shown with those of each
        this.contestSwitch = { contests, shown, isOptional: !(required || related) };
        this.shownContest = shown;
        return super.load({
            ...config,
            context: this._withShown(others),
            domain: this._ofContest(domain),
        });
    },

    async reload(config = {}) {
        return super.reload({
            ...config,
            context: this._withShown(config.context || {}),
            domain: this._ofContest(config.domain || []),
        });
    },

    exportState() {
        const { shownContest } = this;
        const state = super.exportState();
        return shownContest === undefined ? state : { ...state, shownContest };
    },

    /** Tell the server which contest is shown, for what is begun here. */
    _withShown(context) {
        const { shownContest } = this;
        return shownContest === undefined ? context : { ...context, [SHOWN]: shownContest };
    },

    /** Narrow a domain to the contest that is shown. */
    _ofContest(domain) {
        if (!this.contestSwitch) {
            return domain;
        }
        this.contestSwitch.domain = domain;
        const { shown, isOptional } = this.contestSwitch;
        const contests = isOptional ? [shown, false] : [shown];
        return shown
            ? Domain.and([domain, [["contest_id", "in", contests]]]).toList({})
            : domain;
    },

    /**
     * Show the rows of another contest, here and from now on on every list.
     *
     * @param {number|false} id false for those of all contests
     */
    async switchContest(id) {
        await this.orm.call("hoithi.home", "choose_contest", [id]);
        this.contestSwitch.shown = id;
        this.shownContest = id;
        this.globalContext = this._withShown(this.globalContext);
        if (id) {
            // a contest that is over has rows as well
            const isRunning = ({ searchItemId }) =>
                this.searchItems[searchItemId].name === "running";
            this.query = this.query.filter((query) => !isRunning(query));
        }
        this.globalDomain = this._ofContest(this.contestSwitch.domain);
        this._notify();
    },
});
