import { onMounted, onWillUnmount, status, useEffect } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";
import { atMostOnce } from "./at_most_once";

/**
 * Reads runs in the background anew whenever the server tells that one of them moved.
 * The message tells nothing else: what there is to see is asked with the reader's own
 * rights.
 *
 * @param {Object} controller of a form or list
 * @param {() => number[]} getIds of the runs that are shown
 * @param {String} [model] of the runs
 */
export function useRuns(controller, getIds, model = controller.props.resModel) {
    const bus = useService("bus_service");
    const reload = atMostOnce(async () => {
        const { root } = controller.model;
        const isEdited = root.resId && (await root.isDirty());
        if (status(controller) === "mounted" && !isEdited) {
            await root.load();
            controller.render(true);
        }
    }, 1000);
    const onChanged = (payload) => {
        if (payload.model === model && getIds().includes(payload.id)) {
            reload();
        }
    };
    useEffect(
        (ids) => {
            const channels = ids ? ids.split(",").map((id) => `hoithi.run:${model},${id}`) : [];
            channels.forEach((channel) => bus.addChannel(channel));
            return () => channels.forEach((channel) => bus.deleteChannel(channel));
        },
        () => [getIds().join(",")]
    );
    onMounted(() => bus.subscribe("hoithi.run/changed", onChanged));
    onWillUnmount(() => bus.unsubscribe("hoithi.run/changed", onChanged));
    // What was sent while the connection was down is gone.
    useBus(bus, "BUS:RECONNECT", reload);
}

export class RunFormController extends FormController {
    setup() {
        super.setup();
        useRuns(this, () => [this.model.root.resId].filter(Boolean));
    }
}

export class RunListController extends ListController {
    setup() {
        super.setup();
        useRuns(this, () => (this.model.root.records || []).map((record) => record.resId));
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
