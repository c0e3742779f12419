import { formatDate, formatDateTime } from "@web/core/l10n/dates";

/** The one notation of days and moments; `lib/guard/moments.py` writes the same. */
export const DAY = "dd/MM/yyyy";
export const MOMENT = "dd/MM/yyyy HH:mm";

const LAST_MINUTE = { hour: 23, minute: 59, second: 59 };

/**
 * What the clocks at the contest show, as a moment of the browser's own zone: Odoo's
 * picker knows no other.
 */
export function toWall(moment, tz) {
    return moment && moment.setZone(tz).setZone("default", { keepLocalTime: true });
}

/** The moment at which the clocks at the contest show this. */
export function fromWall(wall, tz) {
    return wall && wall.setZone(tz, { keepLocalTime: true }).setZone("default");
}

/** Write a day, or a moment on the clock that it was taken from, as all the house does. */
export function formatMoment(value, showTime = true) {
    return showTime
        ? formatDateTime(value, { format: MOMENT })
        : formatDate(value, { format: DAY });
}

/**
 * The end of work on a day.
 *
 * @param {number} hour 16.5 is half past four, 24 the end of the day
 */
export function getWorkEnd(wall, hour) {
    const minutes = Math.round(hour * 60);
    return wall.set(
        minutes >= 24 * 60
            ? LAST_MINUTE
            : { hour: Math.floor(minutes / 60), minute: minutes % 60, second: 0 }
    );
}

/** Whether a text that Odoo reads as a moment names an hour, and not a day alone. */
export function namesHour(text) {
    const digits = text.match(/\d+/g) || [];
    return (
        /:|\bnow\b|[+=-]\d+[HMS]/.test(text) || digits.length > 3 || digits.join("").length > 8
    );
}
