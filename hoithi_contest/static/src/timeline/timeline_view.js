import { Component, useRef, useState } from "@odoo/owl";
import { ActionHelper } from "@web/views/action_helper";
import { listView } from "@web/views/list/list_view";
import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { DAY, toWall } from "../moments/moments";

const { DateTime } = luxon;
/** More month names than these don't fit beside each other. */
const MAX_TICKS = 14;
/** Width in per cent below which a bar doesn't hold its words. */
const NARROW = 22;

/** The records of a list as bars on a scale of months, a scale for each group. */
export class TimelineRenderer extends Component {
    static template = "hoithi_contest.TimelineRenderer";
    static components = { ActionHelper };
    // the list's controller hands over all that its own renderer takes
    static props = ["*"];

    setup() {
        this.root = useRef("root");
        // of all bars one is reached by Tab, the others from there by arrow keys
        this.focus = useState({ index: 0 });
    }

    makeSections() {
        const { list } = this.props;
        let index = 0;
        const sections = list.isGrouped
            ? this.leaves(list.groups).map(({ group, name }) => ({
                  key: group.id,
                  name,
                  records: group.list.records,
              }))
            : [{ key: "all", name: "", records: list.records }];
        return sections
            .filter((section) => section.records.length)
            .map((section) => {
                const scale = this.makeScale(section.records);
                const rows = section.records.map((record) => {
                    const bar = scale && this.makeBar(record, scale);
                    return { record, bar, index: bar ? index++ : null };
                });
                return { ...section, scale, rows };
            });
    }

    /** The innermost groups, named by their path. */
    leaves(groups, path = []) {
        return groups.flatMap((group) => {
            const names = [...path, group.displayName || _t("None")];
            return group.list.isGrouped
                ? this.leaves(group.list.groups, names)
                : [{ group, name: names.join(" – ") }];
        });
    }

    makeScale(records) {
        const days = records.flatMap(({ data }) =>
            [data.date_start, data.date_end].filter(Boolean)
        );
        if (!days.length) {
            return null;
        }
        const start = DateTime.min(...days).startOf("month");
        const end = DateTime.max(...days).startOf("month").plus({ months: 1 });
        const total = end.diff(start, "days").days;
        const at = (day) => (100 * day.diff(start, "days").days) / total;
        const months = Math.round(end.diff(start, "months").months);
        const step = Math.ceil(months / MAX_TICKS);
        const ticks = [];
        for (let number = 0; number < months; number += step) {
            const day = start.plus({ months: number });
            ticks.push({
                key: number,
                left: at(day),
                width: (100 * Math.min(step, months - number)) / months,
                label: day.toFormat("MM/yyyy"),
            });
        }
        // a day of the plan begins when it does at the contest
        const today = toWall(DateTime.local(), records[0].data.clock_tz).startOf("day");
        return {
            at,
            ticks,
            today: today >= start && today < end ? at(today) : null,
            // each name of a month needs its room; on a phone the months scroll
            minWidth: `min-width: ${14 + 4.5 * ticks.length}rem`,
        };
    }

    makeBar({ data }, scale) {
        const first = data.date_start || data.date_end;
        const last = data.date_end || data.date_start;
        if (!first) {
            return null;
        }
        const left = scale.at(first);
        const width = scale.at(last.plus({ days: 1 })) - left;
        const period = `${first.toFormat(DAY)} – ${last.toFormat(DAY)}`;
        const progress = this.progressLabel(data);
        return {
            style: `left: ${left}%; width: ${width}%`,
            // words that don't fit into a bar stand beside it
            beside:
                width >= NARROW
                    ? null
                    : left + width < 60
                      ? `left: ${left + width}%`
                      : `right: ${100 - left}%`,
            color: data.is_late ? "danger" : { done: "success", doing: "info" }[data.progress],
            period,
            progress,
            label: [data.name, data.lead_label, period, progress].filter(Boolean).join(", "),
        };
    }

    progressLabel({ progress, is_late, date_done }) {
        const { selection } = this.props.list.fields.progress;
        const label = Object.fromEntries(selection)[progress];
        if (progress === "done" && date_done) {
            return `${label} ${date_done.toFormat(DAY)}`;
        }
        return is_late ? `${label} · ${_t("Late")}` : label;
    }

    onKeydown(ev) {
        const bars = [...this.root.el.querySelectorAll(".o_hoithi_timeline_bar")];
        const present = bars.indexOf(ev.target.closest(".o_hoithi_timeline_bar"));
        const wanted = {
            ArrowDown: present + 1,
            ArrowUp: present - 1,
            Home: 0,
            End: bars.length - 1,
        }[ev.key];
        if (present >= 0 && bars[wanted]) {
            ev.preventDefault();
            this.focus.index = wanted;
            bars[wanted].focus();
        }
    }
}

registry.category("views").add("hoithi_timeline", { ...listView, Renderer: TimelineRenderer });
