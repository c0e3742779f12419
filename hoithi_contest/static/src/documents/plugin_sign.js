import { Component, onWillStart, status, useState } from "@odoo/owl";
import { AssetsLoadingError, loadJS } from "@web/core/assets";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** After how long, in ms, whoever signs is told that no answer came. */
export const PATIENCE = 3 * 60 * 1000;

/**
 * Has a document signed by the state's browser plugin, where it is installed: functions
 * of the page that take one JSON text and answer with another. The script that defines
 * them is loaded when the dialog opens, and on no other page.
 */
export class PluginSign extends Component {
    static template = "hoithi_contest.PluginSign";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ problem: "", isBusy: false });
        onWillStart(() => this.load());
    }

    async load() {
        const address = this.props.record.data.script_url;
        if (!address) {
            return;
        }
        try {
            await loadJS(address);
        } catch (error) {
            if (!(error instanceof AssetsLoadingError)) {
                throw error;
            }
            // the other way to sign is still there
            this.state.problem = _t(
                "The script of the signing program couldn't be loaded. Close the dialog and open it again."
            );
        }
    }

    get isInstalled() {
        return Object.keys(window).some(
            (name) =>
                name.startsWith("vgca_sign_") && typeof window[name] === "function"
        );
    }

    async sign() {
        this.state.problem = "";
        this.state.isBusy = true;
        const record = this.props.record;
        let timer;
        try {
            const call = await this.orm.call("hoithi.document.sign", "get_plugin_call", [
                [record.resId],
                record.data.what,
            ]);
            const run = window[call.function];
            if (typeof run !== "function") {
                this.state.problem = _t(
                    "The signing program can't make this kind of signature. Choose another, or sign the PDF elsewhere and upload it below."
                );
                return;
            }
            timer = browser.setTimeout(() => this.giveUp(), PATIENCE);
            await this.take(await this.ask(run, call.text));
        } finally {
            browser.clearTimeout(timer);
            this.state.isBusy = false;
        }
    }

    /** Return the program's answer, or why it didn't take the question. */
    ask(run, text) {
        return new Promise((resolve) => {
            try {
                run(text, resolve);
            } catch (error) {
                resolve({ Status: -1, Message: error.message });
            }
        });
    }

    /** Waiting is over for who signs; an answer that comes later is taken all the same. */
    giveUp() {
        this.state.problem = _t(
            "The signing program doesn't answer. See that it runs on this machine and that the token is plugged in, then sign again; or sign the PDF elsewhere and upload it below."
        );
        this.state.isBusy = false;
    }

    async take(answer) {
        const { Status, Message } = this.read(answer);
        if (status(this) === "destroyed") {
            return;
        }
        if (Number(Status) === 0) {
            await this.action.doAction({ type: "ir.actions.act_window_close" });
            await this.action.doAction({ type: "ir.actions.client", tag: "soft_reload" });
            return;
        }
        this.state.problem = Message || _t("The signing program made no signature.");
    }

    /** The plugin answers with a JSON text; some releases with the object itself. */
    read(answer) {
        if (typeof answer !== "string") {
            return answer || {};
        }
        try {
            return JSON.parse(answer);
        } catch {
            return { Status: -1, Message: answer };
        }
    }
}

registry.category("view_widgets").add("hoithi_plugin_sign", { component: PluginSign });
