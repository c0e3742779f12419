import { formatDate, formatDateTime } from "@web/core/l10n/dates";

/** The one notation of days and moments; `lib/guard/moments.py` writes the same. */
export const DAY = "dd/MM/yyyy";
export const MOMENT = "HH:mm dd/MM/yyyy";

/** A day, in whatever way it is typed, and the hour that may follow it. */
const DAY_FIRST =
    /^(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}))?(?:\s+(\d{1,2})(?::(\d{1,2}))?)?$|^(\d\d)(\d\d)(\d{4})(?:(\d\d)(\d\d))?$/;

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
 * Write what was typed day first as a moment is written, hour first; without an hour it
 * is midnight. All else, as a moment or "+3d", stays as it is.
 */
export function orderTyped(text) {
    const found = DAY_FIRST.exec(text.trim());
    if (!found) {
        return text;
    }
    const [day, month, year, hour, minute] = found[1] ? found.slice(1, 6) : found.slice(6);
    const two = (part) => (part || "0").padStart(2, "0");
    return `${two(hour)}:${two(minute)} ${two(day)}/${two(month)}/${
        year || luxon.DateTime.now().year
    }`;
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
