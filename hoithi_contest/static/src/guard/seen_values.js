import { patch } from "@web/core/utils/patch";
import { Record } from "@web/model/relational_model/record";

/**
 * Records of the contest are saved with what stood in the fields that are changed: what
 * somebody else changed meanwhile is told by the server instead of being overwritten.
 */
patch(Record.prototype, {
    get context() {
        const context = super.context;
        return this.hoithiSeen ? { ...context, hoithi_seen: this.hoithiSeen } : context;
    },

    async _save() {
        if (this.resId && this.resModel.startsWith("hoithi.")) {
            const before = {};
            for (const name of Object.keys(this._changes)) {
                const type = this.fields[name]?.type;
                if (name in this._values && !["one2many", "many2many"].includes(type)) {
                    before[name] = this._values[name];
                }
            }
            this.hoithiSeen = this._getChanges(before, { withReadonly: true });
        }
        try {
            return await super._save(...arguments);
        } finally {
            this.hoithiSeen = undefined;
        }
    },
});
