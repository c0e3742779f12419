import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { useSetupAction } from "@web/search/action_hook";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { useFollow } from "../home/follow";
import { severityIcon, severityWord } from "../home/severity";
import { Gate } from "../home/way";

/** What a department needs before its first contest; each tick comes from the data. */
export class HoithiSetup extends Component {
    static template = "hoithi_contest.Setup";
    static components = { Gate, Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.display = { controlPanel: {} };
        const { globalState, state } = this.props;
        this.state = useState({
            setup: null,
            key: state?.key || globalState?.key || this.props.action.context?.hoithi_step,
            isBusy: false,
        });
        this.go = useFollow({ after: () => this.load() });
        useSetupAction({
            getLocalState: () => ({ key: this.state.key }),
            getGlobalState: () => ({ key: this.state.key }),
        });
        onWillStart(async () => {
            await this.load();
            if (!this.health.lines.length) {
                await this.lookAgain();
            }
        });
    }

    get found() {
        return this.state.setup;
    }
    get steps() {
        return this.state.setup.steps;
    }
    get health() {
        return this.state.setup.health;
    }
    get step() {
        return this.steps.find((step) => step.key === this.state.key) || this.firstOpen;
    }
    /** The first step that lacks something; all done, the last one. */
    get firstOpen() {
        return this.steps.find((step) => !step.is_done) || this.steps.at(-1);
    }
    get position() {
        return this.steps.indexOf(this.step) + 1;
    }
    get next() {
        return this.steps[this.position];
    }
    get share() {
        return (100 * this.found.done) / this.steps.length;
    }
    get told() {
        return _t("%(done)s of %(all)s steps done", {
            done: this.found.done,
            all: this.steps.length,
        });
    }

    get eyebrow() {
        return _t("Step %(number)s of %(all)s", {
            number: this.position,
            all: this.steps.length,
        });
    }
    get onward() {
        return this.step.is_done
            ? _t("On to step %s", this.position + 1)
            : _t("Later");
    }

    async load() {
        this.state.setup = await this.orm.call("hoithi.setup", "get_setup", []);
    }

    choose(key) {
        this.state.key = key;
    }

    follow = (target) => {
        // back again, the same step is shown, done or not
        this.state.key = this.step.key;
        return this.go(this.found.contest, target);
    };

    async lookAgain() {
        this.state.isBusy = true;
        try {
            this.found.health = await this.orm.call("hoithi.setup", "look_again", []);
        } finally {
            this.state.isBusy = false;
        }
    }

    async sendTestMail() {
        this.state.isBusy = true;
        try {
            const text = await this.orm.call("hoithi.setup", "send_test_mail", []);
            this.notification.add(text, { type: "success", sticky: true });
        } finally {
            this.state.isBusy = false;
        }
    }

    severityIcon = severityIcon;
    severityWord = severityWord;
}

registry.category("actions").add("hoithi_setup", HoithiSetup);
