import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { DynamicGroupList } from "@web/model/relational_model/dynamic_group_list";
import { RelationalModel } from "@web/model/relational_model/relational_model";
import { kanbanView } from "@web/views/kanban/kanban_view";

/**
 * A card that is dropped on another column takes the act of that step: at once, by the
 * dialog that asks for what the act needs, or not at all, with what is possible instead.
 */
class WorkflowGroupList extends DynamicGroupList {
    async moveRecord(dataRecordId, dataGroupId, refId, targetGroupId) {
        const source = this.groups.find((group) => group.id === dataGroupId);
        const target = this.groups.find((group) => group.id === targetGroupId);
        if (source === target || this.groupByField.name !== "state") {
            return super.moveRecord(...arguments);
        }
        const record = source.list.records.find((one) => one.id === dataRecordId);
        const { action, refusal } = await this.model.orm.call(this.resModel, "get_move", [
            [record.resId],
            target.value,
        ]);
        if (refusal) {
            this.model.notification.add(refusal, {
                title: _t("Not moved"),
                type: "warning",
                autocloseDelay: 10000,
            });
            return;
        }
        if (action) {
            await this.model.action.doAction(action, { onClose: () => this.model.load() });
            return;
        }
        await super.moveRecord(...arguments);
        // what the act has changed besides: bars, counts, other cards
        await this.model.load();
    }
}

export class WorkflowModel extends RelationalModel {
    static DynamicGroupList = WorkflowGroupList;
}

registry.category("views").add("hoithi_workflow_board", { ...kanbanView, Model: WorkflowModel });
