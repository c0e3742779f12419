import { _t } from "@web/core/l10n/translation";

const ICONS = {
    block: "fa-times-circle o_hoithi_block",
    warn: "fa-exclamation-triangle o_hoithi_warn",
    done: "fa-check-circle o_hoithi_done",
    waived: "fa-minus-circle o_hoithi_waived",
};

/** The icon of what was looked at, its colour included. */
export function severityIcon(severity) {
    return ICONS[severity];
}

/** How a part of the system is, for those who don't see its icon. */
export function severityWord(severity) {
    return {
        block: _t("Out of order"),
        warn: _t("To be looked at"),
        done: _t("In order"),
    }[severity];
}

/** The same of what a step asks for, which may be waived. */
export function checkWord(severity) {
    return (
        { block: _t("In the way"), waived: _t("Waived") }[severity] || severityWord(severity)
    );
}
