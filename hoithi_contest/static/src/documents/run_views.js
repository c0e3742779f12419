import { onMounted, onWillUnmount, status } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";

const PERIOD = 2000;
const OPEN_STATES = ["queued", "running"];

/** Reload while something runs in the background; nothing is asked once it ended. */
function useProgress(controller, isOpen, reload) {
    let timer = null;
    const follow = async () => {
        if (status(controller) === "mounted" && isOpen()) {
            await reload();
        }
        if (status(controller) !== "destroyed") {
            timer = setTimeout(follow, PERIOD);
        }
    };
    onMounted(() => {
        timer = setTimeout(follow, PERIOD);
    });
    onWillUnmount(() => clearTimeout(timer));
}

export class RunFormController extends FormController {
    setup() {
        super.setup();
        useProgress(
            this,
            () => OPEN_STATES.includes(this.model.root.data.state),
            () => this.model.root.load()
        );
    }
}

export class RunListController extends ListController {
    setup() {
        super.setup();
        useProgress(
            this,
            () =>
                (this.model.root.records || []).some((record) =>
                    OPEN_STATES.includes(record.data.state)
                ),
            () => this.model.root.load()
        );
    }
}

registry.category("views").add("hoithi_run_form", {
    ...formView,
    Controller: RunFormController,
});
registry.category("views").add("hoithi_run_list", {
    ...listView,
    Controller: RunListController,
});
