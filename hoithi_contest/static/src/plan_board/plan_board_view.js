import { registry } from "@web/core/registry";
import { DynamicRecordList } from "@web/model/relational_model/dynamic_record_list";
import { RelationalModel } from "@web/model/relational_model/relational_model";
import { kanbanView } from "@web/views/kanban/kanban_view";

/** A dropped card changes its progress, not the order of the plan, which is printed. */
class PlanRecordList extends DynamicRecordList {
    canResequence() {
        return false;
    }
}

class PlanModel extends RelationalModel {
    static DynamicRecordList = PlanRecordList;
}

registry.category("views").add("hoithi_plan_board", { ...kanbanView, Model: PlanModel });
