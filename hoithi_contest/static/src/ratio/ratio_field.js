import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatPercentage } from "@web/views/fields/formatters";
import { InvalidNumberError, parsePercentage } from "@web/views/fields/parsers";
import { useInputField } from "@web/views/fields/input_field_hook";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

// What rules are written in; a half is as well known as 50 %.
const PARTS = [3, 4, 5, 6];
const NEAR = 0.0005;

/**
 * Return a share as rules say it: two thirds as “2/3”, others in percent.
 *
 * @param {number} value
 */
export function formatRatio(value) {
    for (const parts of PARTS) {
        const count = Math.round(value * parts);
        if (count > 0 && count < parts && Math.abs(value - count / parts) < NEAR) {
            const isWhole = Math.abs((value * 100) % 1) < 1e-9;
            return isWhole ? formatPercentage(value) : `${count}/${parts}`;
        }
    }
    return formatPercentage(value);
}

/** Return the share that a text says: “2/3”, “66,67”, “66,67 %”. */
export function parseRatio(text) {
    const found = /^\s*(\d+)\s*\/\s*(\d+)\s*$/.exec(text);
    if (!found) {
        return parsePercentage(text);
    }
    const [count, parts] = [Number(found[1]), Number(found[2])];
    if (!parts) {
        throw new InvalidNumberError(_t("“%s” is no share.", text));
    }
    return count / parts;
}

export class RatioField extends Component {
    static template = "hoithi_contest.RatioField";
    static props = { ...standardFieldProps };

    setup() {
        useInputField({ getValue: () => this.text, parse: parseRatio });
    }

    get value() {
        return this.props.record.data[this.props.name] || 0;
    }
    get text() {
        return formatRatio(this.value);
    }
    /** Beside a fraction stands what it is in percent. */
    get percent() {
        const text = formatPercentage(this.value);
        return text === this.text ? "" : text;
    }
}

registry.category("fields").add("hoithi_ratio", {
    component: RatioField,
    displayName: _t("Ratio"),
    supportedTypes: ["float"],
});
