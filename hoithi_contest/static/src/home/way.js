import { Component, markup } from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { useFollow } from "./follow";
import { checkWord, severityIcon } from "./severity";

/** What a step asks for, a line each, with the link that mends it. */
export class Gate extends Component {
    static template = "hoithi_contest.Gate";
    static props = { checks: Array, follow: Function };

    icon = severityIcon;
    word = checkWord;
}

/** The one next act, and what stands between the contest and its next phase. */
export class Way extends Component {
    static template = "hoithi_contest.Way";
    static components = { Gate };
    static props = { way: Object, follow: Function };

    get isBlocked() {
        return this.props.way.gate?.checks.some((check) => check.severity === "block");
    }
}

class WayField extends Component {
    static template = "hoithi_contest.WayField";
    static components = { Way };
    static props = { ...standardFieldProps };

    setup() {
        const { record } = this.props;
        this.go = useFollow({
            before: () => record.save(),
            after: () => record.load(),
            onForm: true,
        });
    }
    get way() {
        return this.props.record.data[this.props.name];
    }
    follow = (target) => this.go(this.way.contest, target);
}

class GateField extends Component {
    static template = "hoithi_contest.GateField";
    static components = { Gate };
    static props = { ...standardFieldProps };

    setup() {
        this.go = useFollow();
    }
    get gate() {
        return this.props.record.data[this.props.name];
    }
    follow = (target) => this.go(this.gate.contest, target);
}

class EffectsField extends Component {
    static template = "hoithi_contest.EffectsField";
    static props = { ...standardFieldProps };

    get effects() {
        return this.props.record.data[this.props.name] || [];
    }
}

/** The list before the end: each item done, waived, or with the way to its mend. */
class ClosingField extends Component {
    static template = "hoithi_contest.ClosingField";
    static props = { ...standardFieldProps };

    setup() {
        const { record } = this.props;
        this.go = useFollow({ after: () => record.load() });
        this.dialog = useService("dialog");
    }
    get list() {
        return this.props.record.data[this.props.name];
    }
    get shares() {
        const { done, waived, missing } = this.list;
        const all = done + waived + missing || 1;
        return { done: (100 * done) / all, waived: (100 * waived) / all };
    }
    icon = severityIcon;
    follow = (target) => this.go(this.props.record.resId, target);
    waive = (key) => this.follow({ method: "action_ask_waive_closing", args: [key] });
    close = () =>
        this.dialog.add(ConfirmationDialog, {
            title: _t("Close the contest?"),
            body: this.question,
            confirmLabel: _t("Close contest"),
            confirm: () => this.follow({ method: "action_close" }),
            cancelLabel: _t("Later"),
            cancel: () => {},
        });
    get question() {
        const lines = this.list.effects.map((effect) => markup`<li>${effect}</li>`);
        return markup`${_t("There is no way back from the end. It:")}<ul class="o_hoithi_close_asked">${lines}</ul>`;
    }
}

for (const [name, component] of [
    ["hoithi_way", WayField],
    ["hoithi_gate", GateField],
    ["hoithi_effects", EffectsField],
    ["hoithi_closing", ClosingField],
]) {
    registry.category("fields").add(name, { component, supportedTypes: ["json"] });
}
