import { onMounted } from "@odoo/owl";
import { patch } from "@web/core/utils/patch";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";

/**
 * On a phone one column is in sight: of the contest's boards the first that holds
 * something and isn't folded away, instead of an empty one.
 */
patch(KanbanRenderer.prototype, {
    setup() {
        super.setup();
        onMounted(() => {
            const { list } = this.props;
            if (!this.env.isSmall || !list.isGrouped || !list.resModel.startsWith("hoithi.")) {
                return;
            }
            const first = list.groups.find((group) => !group.isFolded && group.count);
            const column =
                first && this.rootRef.el.querySelector(`.o_kanban_group[data-id="${first.id}"]`);
            column?.scrollIntoView({ inline: "start", block: "nearest" });
        });
    },
});
