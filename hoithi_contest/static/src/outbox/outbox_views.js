import { onWillStart } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";

/** Tell above the letters why they don't leave, to those who can see to it. */
const withMailProblems = (Controller, template) =>
    class extends Controller {
        static template = template;

        setup() {
            super.setup();
            const orm = useService("orm");
            onWillStart(async () => {
                this.mailProblems = await orm.call("res.company", "hoithi_get_mail_problems", []);
            });
        }
    };

registry.category("views").add("hoithi_outbox_list", {
    ...listView,
    Controller: withMailProblems(ListController, "hoithi_contest.OutboxList"),
});
registry.category("views").add("hoithi_outbox_kanban", {
    ...kanbanView,
    Controller: withMailProblems(KanbanController, "hoithi_contest.OutboxKanban"),
});
