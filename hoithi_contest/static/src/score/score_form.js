import { onWillStart, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";
import { ScoreWorkspace } from "./score_workspace";

/** A sheet: its member's workspace, for everybody else the form to read. */
export class ReviewFormController extends FormController {
    static template = "hoithi_contest.ReviewForm";
    static components = { ...FormController.components, ScoreWorkspace };

    setup() {
        super.setup();
        this.version = useState({ number: 0, asForm: false });
        onWillStart(async () => {
            this.isSecretary = await user.hasGroup("hoithi_contest.group_secretary");
        });
        this.register = (workspace) => {
            this.workspace = workspace;
        };
    }

    get isWorkspace() {
        const isMine = Boolean(this.model.root.data.is_mine);
        return isMine && !this.env.inDialog && !this.version.asForm;
    }

    get workspaceProps() {
        return {
            record: this.model.root,
            fields: this.props.fields,
            open: this.open.bind(this),
            back: this.getBack(),
            register: this.register,
            // a secretary who scores reopens and prints the own sheet as any other
            showForm: this.isSecretary ? this.showForm.bind(this) : undefined,
        };
    }

    async showForm() {
        await this.workspace.store.flush();
        await this.model.load();
        this.version.asForm = true;
    }

    /** The page before this one, or the board where one came by an address. */
    getBack() {
        const crumb = (this.env.config.breadcrumbs || []).at(-2);
        return crumb
            ? { name: crumb.name, go: crumb.onSelected }
            : {
                  name: "",
                  go: () => this.actionService.doAction("hoithi_contest.hoithi_my_review_action"),
              };
    }

    /** Open another sheet in place, or the same anew. */
    async open(resId, resIds = this.model.root.resIds) {
        await this.model.load({ resId, resIds });
        this.version.number++;
    }

    get pending() {
        return this.isWorkspace && this.workspace && this.workspace.store;
    }

    async beforeLeave(options) {
        if (this.pending) {
            await this.pending.flush();
        }
        return super.beforeLeave(options);
    }

    async beforeVisibilityChange() {
        if (this.pending && document.visibilityState === "hidden") {
            this.pending.flush();
            return;
        }
        return super.beforeVisibilityChange();
    }

    async beforeUnload(ev) {
        if (!this.isWorkspace) {
            return super.beforeUnload(ev);
        }
        if (this.pending && !this.pending.isSaved && !this.pending.locked) {
            this.pending.flush();
            ev.preventDefault();
            ev.returnValue = "Unsaved changes";
        }
    }
}

registry.category("views").add("hoithi_review_form", {
    ...formView,
    Controller: ReviewFormController,
});
