import { markRaw, onWillRender, useEffect, useRef, useState } from "@odoo/owl";
import { useDateTimePicker } from "@web/core/datetime/datetime_picker_hook";
import { areDatesEqual } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { useAutoresize } from "@web/core/utils/autoresize";
import { DateTimeField, dateTimeField } from "@web/views/fields/datetime/datetime_field";
import { DAY, MOMENT, formatMoment, fromWall, getWorkEnd, namesHour, orderTyped, toWall } from "./moments";

/**
 * A day, or a moment on the clock of the contest that its record belongs to, whatever
 * the zone of the browser. In a deadline a day without an hour, typed or picked, means
 * the end of the working day.
 */
export class HoithiMomentField extends DateTimeField {
    static template = "hoithi_contest.MomentField";
    static props = { ...DateTimeField.props, closes: { type: Boolean, optional: true } };
    static showZone = true;

    setup() {
        this.typed = "";
        const getPickerProps = () => ({
            value: this.getRecordValue(),
            type: this.field.type,
            range: false,
            onSelect: this.onSelect,
        });
        this.onSelect = this.onSelect.bind(this);
        const dateTimePicker = useDateTimePicker({
            target: "root",
            format: this.isMoment ? MOMENT : DAY,
            showSeconds: false,
            get pickerProps() {
                return getPickerProps();
            },
            onClose: () => {
                this.picker.activeInput = "";
                this.typed = "";
                this.state.value = this.getRecordValue();
            },
            onApply: (value) => this.apply(value),
        });
        this.state = useState(dateTimePicker.state);
        this.picker = useState({ activeInput: "" });
        this.openPicker = dateTimePicker.open;
        this.startDate = useRef("start-date");
        useEffect(
            (el, active) => {
                if (el?.getAttribute("data-field") === active) {
                    el.focus();
                    this.openPicker(0);
                }
            },
            () => [this.startDate.el, this.picker.activeInput]
        );
        // what is typed is read hour first; this comes before the picker that reads it
        useEffect(
            (el) => {
                if (!el || !this.isMoment) {
                    return;
                }
                const order = (ev) => {
                    if (ev.type === "change" || ["Enter", "Tab"].includes(ev.key)) {
                        el.value = orderTyped(el.value);
                    }
                };
                el.addEventListener("change", order, true);
                el.addEventListener("keydown", order, true);
                return () => {
                    el.removeEventListener("change", order, true);
                    el.removeEventListener("keydown", order, true);
                };
            },
            () => [this.startDate.el]
        );
        onWillRender(() => this.triggerIsDirty());
    }

    get isMoment() {
        return this.field.type === "datetime";
    }

    get tz() {
        return this.props.record.data.clock_tz || "default";
    }

    /** The name of the zone where the browser's own clock shows another hour. */
    get zone() {
        const moment = this.isMoment && this.props.record.data[this.props.name];
        return moment && moment.setZone(this.tz).offset !== moment.offset ? this.tz : "";
    }

    getRecordValue() {
        const value = this.props.record.data[this.props.name];
        return this.isMoment ? toWall(value, this.tz) : value;
    }

    getFormattedValue() {
        return formatMoment(this.values[0], this.isMoment && this.props.showTime);
    }

    async apply(value) {
        const present = this.getRecordValue();
        if (value && this.isMoment) {
            if (this.props.closes && this.typed && !namesHour(this.typed)) {
                value = this.getWorkEnd(value);
            }
            // seconds aren't shown, and what is shown didn't change
            if (present && areDatesEqual(value.startOf("minute"), present.startOf("minute"))) {
                return;
            }
            value = fromWall(value, this.tz);
        } else if (areDatesEqual(value, present)) {
            return;
        }
        await this.props.record.update({ [this.props.name]: value });
        // the picker closes before the record has its value, and took the former one
        this.state.value = this.getRecordValue();
    }

    getWorkEnd(value) {
        return getWorkEnd(value, this.props.record.data.clock_day_end);
    }

    onInput() {
        this.typed = this.startDate.el.value;
        super.onInput();
    }

    /** A day or an hour was chosen in the calendar. */
    onSelect(value, unit) {
        this.typed = "";
        if (this.props.closes && unit === "date" && value && !this.state.value) {
            value = this.getWorkEnd(value);
        }
        this.state.value = value && markRaw(value);
    }
}

export class ListHoithiMomentField extends HoithiMomentField {
    static showZone = false;

    setup() {
        super.setup();
        useAutoresize(this.startDate, { offset: -5, ignoreIfEmpty: true });
    }
}

const momentField = {
    ...dateTimeField,
    component: HoithiMomentField,
    supportedTypes: ["date", "datetime"],
    extractProps: (fieldInfo, dynamicInfo) => {
        const { placeholder, required, showTime } = dateTimeField.extractProps(
            fieldInfo,
            dynamicInfo
        );
        return { placeholder, required, showTime };
    },
    fieldDependencies: [
        { name: "clock_tz", type: "char" },
        { name: "clock_day_end", type: "float" },
    ],
    listViewWidth: ({ type, options }) =>
        dateTimeField.listViewWidth({
            options: { ...options, numeric: true, show_time: type === "datetime" && options.show_time },
        }),
};
const deadlineField = {
    ...momentField,
    extractProps: (...args) => ({ ...momentField.extractProps(...args), closes: true }),
};

registry
    .category("fields")
    .add("hoithi_moment", momentField)
    .add("hoithi_deadline", deadlineField);
// of a value alone nobody knows on which clock it is read
const format = (value, { data } = {}) =>
    data?.clock_tz && value.isLuxonDateTime ? formatMoment(toWall(value, data.clock_tz)) : "";
registry.category("formatters").add("hoithi_moment", format).add("hoithi_deadline", format);
for (const view of ["list", "kanban", "calendar"]) {
    registry
        .category("fields")
        .add(`${view}.hoithi_moment`, { ...momentField, component: ListHoithiMomentField })
        .add(`${view}.hoithi_deadline`, { ...deadlineField, component: ListHoithiMomentField });
}
