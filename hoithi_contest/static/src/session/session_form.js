import { onMounted, onWillUnmount, status } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";
import { atMostOnce } from "../run/at_most_once";

/** The form of a session follows it while others vote, unless it is being edited. */
export class SessionFormController extends FormController {
    setup() {
        super.setup();
        const bus = useService("bus_service");
        const sessionId = this.props.resId;
        const reload = atMostOnce(async () => {
            const record = this.model.root;
            if (status(this) === "mounted" && !(await record.isDirty())) {
                await record.load();
            }
        }, 1000);
        const onChanged = (payload) => {
            if (payload.session_id === this.model.root.resId) {
                reload();
            }
        };
        onMounted(() => {
            if (sessionId) {
                bus.addChannel(`hoithi.session_${sessionId}`);
            }
            bus.subscribe("hoithi.session/changed", onChanged);
        });
        onWillUnmount(() => {
            bus.unsubscribe("hoithi.session/changed", onChanged);
            if (sessionId) {
                bus.deleteChannel(`hoithi.session_${sessionId}`);
            }
        });
    }
}

registry.category("views").add("hoithi_session_form", {
    ...formView,
    Controller: SessionFormController,
});
