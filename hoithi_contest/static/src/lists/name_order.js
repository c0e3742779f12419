import { patch } from "@web/core/utils/patch";
import { StaticList } from "@web/model/relational_model/static_list";

/** What stands for persons: links to it, and texts that are a full name. */
const PERSONS = ["hr.employee", "res.partner", "res.users", "hoithi.council.member", "hoithi.entry.author"];
const FULL_NAME = "full_name";

/** Kinds of fields that are `false` where they are empty, which no text compares with. */
const TEXTS = ["char", "text", "selection"];

const alphabet = new Intl.Collator("vi");

/** @returns {string} what a Vietnamese list of persons is sorted by: the last word first */
function getNameKey(name) {
    const whole = name.trim();
    return `${whole.slice(whole.lastIndexOf(" ") + 1)} ${whole}`;
}

function getKey(record, name, field) {
    if (name === "id") {
        return record.resId;
    }
    const value = record.data[name];
    if (field.type === "many2one") {
        const label = value ? value.display_name : "";
        return PERSONS.includes(field.relation) ? getNameKey(label) : label;
    }
    if (TEXTS.includes(field.type)) {
        return name === FULL_NAME ? getNameKey(value || "") : value || "";
    }
    return value;
}

function compare(a, b) {
    if (typeof a === "string" && typeof b === "string") {
        return alphabet.compare(a, b);
    }
    return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Lists inside of forms are sorted in the browser, by Odoo in the order of code points:
 * those of the contest are in the Vietnamese alphabet, persons by their given names, as
 * the database sorts the others.
 */
patch(StaticList.prototype, {
    async _sort(currentIds = this.currentIds, orderBy = this.orderBy) {
        await super._sort(currentIds, orderBy);
        if (!this.resModel.startsWith("hoithi.")) {
            return;
        }
        // what it is sorted by has just been read
        const records = currentIds.map((id) => this._cache[id]);
        records.sort((first, second) => {
            for (const { name, asc } of orderBy) {
                const [a, b] = [first, second].map((one) => getKey(one, name, this.fields[name]));
                const order = compare(a, b);
                if (order) {
                    return asc ? order : -order;
                }
            }
            return 0;
        });
        await this._load({
            orderBy,
            nextCurrentIds: records.map((record) => record.resId || record._virtualId),
        });
    },
});
