import { useEffect, useExternalListener, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { patch } from "@web/core/utils/patch";
import { ListRenderer } from "@web/views/list/list_renderer";

/** The column one looks for: it stays whatever room there is. */
const STATE = "state";

/**
 * A list that is wider than its place leaves optional columns out, from the right, until
 * nothing lies outside. Whoever has chosen columns keeps them all.
 */
patch(ListRenderer.prototype, {
    setup() {
        this.leftOut = new Set();
        super.setup();
        if (this.isX2Many || !this.props.list.resModel.startsWith("hoithi.")) {
            return;
        }
        const place = useState({ width: browser.innerWidth });
        useExternalListener(window, "resize", () => {
            if (browser.innerWidth !== place.width) {
                this.leftOut.clear();
                place.width = browser.innerWidth;
            }
        });
        useEffect(
            () => this.leaveOutColumns(),
            () => [place.width]
        );
    },

    /** Leave out what has no room, as the columns are drawn now. */
    leaveOutColumns() {
        const table = this.tableRef.el;
        const place = table?.parentElement;
        let excess = place ? place.scrollWidth - place.clientWidth : 0;
        if (excess <= 0 || this.hasChosenColumns) {
            return;
        }
        const optional = this.columns.filter(({ optional, name }) => optional && name !== STATE);
        for (const { name } of optional.reverse()) {
            if (excess > 0) {
                excess -= table.querySelector(`thead th[data-name="${name}"]`).offsetWidth;
                this.leftOut.add(name);
            }
        }
        this.render();
    },

    get hasChosenColumns() {
        return browser.localStorage.getItem(this.keyOptionalFields) !== null;
    },

    isLeftOut({ name }) {
        return this.leftOut.has(name) && !this.hasChosenColumns;
    },

    // what is active is exported, and kept once somebody chooses columns: what merely has
    // no room stays active
    getActiveColumns() {
        return super.getActiveColumns().filter((column) => !this.isLeftOut(column));
    },

    get optionalFieldGroups() {
        const groups = super.optionalFieldGroups;
        for (const field of groups.flatMap((group) => group.optionalFields)) {
            field.value = field.value && !this.isLeftOut(field);
        }
        return groups;
    },

    async toggleOptionalField(name) {
        if (this.isLeftOut({ name })) {
            // it isn't ticked, and is ticked now
            this.optionalActiveFields[name] = false;
        }
        return super.toggleOptionalField(name);
    },
});
