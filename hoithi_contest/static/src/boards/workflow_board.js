import { useState } from "@odoo/owl";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { DynamicGroupList } from "@web/model/relational_model/dynamic_group_list";
import { RelationalModel } from "@web/model/relational_model/relational_model";
import { KanbanRecord } from "@web/views/kanban/kanban_record";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
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

/** What may become of a card, for its menu: columns with the move each of them takes. */
async function getColumns(root, record) {
    const { model, resModel } = root;
    const moves = await model.orm.silent.call(resModel, "get_moves", [[record.resId]]);
    return root.groups
        .filter(({ value }) => ["done", "asks"].includes(moves[value]))
        .map((group) => ({ group, label: describeMove(group, moves) }));
}

function describeMove({ displayName, value }, moves) {
    return moves[value] === "asks" ? _t("%s (asks first)", displayName) : displayName;
}

/** A card whose menu does all that dragging does: by a key, or a finger that scrolls. */
export class WorkflowRecord extends KanbanRecord {
    static components = { ...KanbanRecord.components, DropdownItem };
    static menuTemplate = "hoithi_contest.WorkflowRecordMenu";

    setup() {
        super.setup();
        this.move = useState({ columns: [] });
    }

    get isMovable() {
        return this.props.groupByField?.name === "state" && !this.props.readonly;
    }

    async loadColumns() {
        if (this.isMovable) {
            const { record } = this.props;
            this.move.columns = await getColumns(record.model.root, record);
        }
    }

    /** The board takes these keys for its cards, so that no button in one has them. */
    onMenuKeydown(ev) {
        if (ev.key === "Enter" || ev.key === " ") {
            ev.stopPropagation();
        }
    }

    moveTo(column) {
        const { group, record } = this.props;
        return record.model.root.moveRecord(record.id, group.id, null, column.id);
    }
}

/** While a card is dragged the columns show which of them take it, and a line says so. */
export class WorkflowRenderer extends KanbanRenderer {
    static components = { ...KanbanRenderer.components, KanbanRecord: WorkflowRecord };

    sortStart({ element }) {
        super.sortStart(...arguments);
        const { list } = this.props;
        if (list.isGrouped && list.groupByField.name === "state") {
            const records = list.groups.flatMap((group) => group.list.records);
            this.dragged = records.find((record) => record.id === element.dataset.id);
            if (this.dragged) {
                this.showMoves(this.dragged);
            }
        }
    }

    sortStop() {
        super.sortStop(...arguments);
        this.dragged = null;
        this.closeMoves?.();
        for (const column of this.rootRef.el.querySelectorAll("[data-move]")) {
            delete column.dataset.move;
        }
    }

    async showMoves(record) {
        const { list } = this.props;
        const moves = await list.model.orm.silent.call(list.resModel, "get_moves", [
            [record.resId],
        ]);
        if (this.dragged !== record) {
            return;
        }
        const names = [];
        for (const group of list.groups) {
            const move = moves[group.value];
            const column = this.rootRef.el.querySelector(
                `.o_kanban_group[data-id="${group.id}"]`
            );
            if (move && column) {
                column.dataset.move = move;
            }
            if (move === "done" || move === "asks") {
                names.push(describeMove(group, moves));
            }
        }
        const text = names.length
            ? _t("It can be dropped on: %s. Esc gives it up.", names.join(", "))
            : _t("No column takes this card now. Esc gives it up.");
        this.closeMoves = list.model.notification.add(text, {
            type: "info",
            sticky: true,
            className: "o_hoithi_droptip",
        });
    }
}

registry.category("views").add("hoithi_workflow_board", {
    ...kanbanView,
    Model: WorkflowModel,
    Renderer: WorkflowRenderer,
});
