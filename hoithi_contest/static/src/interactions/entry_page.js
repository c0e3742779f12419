/** What the interactions on the form of an entry share. */

/** The autosave of a page, by its element. */
const savers = new WeakMap();

export function setSaver(page, saver) {
    savers.set(page, saver);
}

export function getSaver(page) {
    return savers.get(page);
}

/** What sends the files of a page, by the element. */
const senders = new WeakMap();

export function setSender(page, sender) {
    senders.set(page, sender);
}

export function getSender(page) {
    return senders.get(page);
}

/**
 * Return a text of the page, which the server has put there in the reader's language.
 *
 * @param {string} name
 * @param {Object} [values] what stands for {name} in it
 */
export function getText(name, values = {}) {
    const text = document.querySelector(`.o_hoithi_form_texts [data-text=${name}]`);
    return (text?.textContent || "").replace(/\{(\w+)\}/g, (all, key) => values[key] ?? all);
}

/** Requests under way whose answers draw parts of a page, and what was drawn last. */
const drawings = new WeakMap();

function getDrawing(page) {
    if (!drawings.has(page)) {
        drawings.set(page, { open: new Set(), drawn: {}, isDoubtful: false });
    }
    return drawings.get(page);
}

/**
 * Note that the server is asked for something whose answer draws parts of a page.
 *
 * Of two that are under way at once neither answer need know what the other has changed,
 * as a save that begins and ends while a file is being sent: the page asks once more
 * when both are there.
 *
 * @param {Element} page
 * @returns {Function} to be called when the answer was drawn, or none came
 */
export function beginAnswer(page) {
    const drawing = getDrawing(page);
    const ticket = {};
    drawing.isDoubtful ||= drawing.open.size > 0;
    drawing.open.add(ticket);
    return () => {
        if (drawing.open.delete(ticket) && !drawing.open.size && drawing.isDoubtful) {
            drawing.isDoubtful = false;
            page.dispatchEvent(new CustomEvent("hoithi-doubtful"));
        }
    };
}

/**
 * Put parts that the server has rendered anew in the places of the old ones, unless what
 * is there was rendered later. What had the focus has it again.
 *
 * @param {Element} page
 * @param {Object} answer
 * @param {Object} [answer.parts] html by the id of its place
 * @param {number} [answer.order] grows with the moment that the server rendered of
 * @returns {boolean} whether nothing in the answer is older than what is shown
 */
export function putParts(page, { parts, order = Infinity }) {
    const active = document.activeElement;
    const { drawn } = getDrawing(page);
    let isNewest = true;
    for (const [id, html] of Object.entries(parts || {})) {
        const place = page.querySelector(`#${id}`);
        if (!place) {
            continue;
        }
        if (order < drawn[id]) {
            isNewest = false;
            continue;
        }
        if (order !== Infinity) {
            drawn[id] = order;
        }
        const had = place.contains(active) && getWayTo(active);
        place.innerHTML = html;
        if (had) {
            (place.querySelector(had) || place.querySelector("a, button, input"))?.focus({
                preventScroll: true,
            });
        }
    }
    return isNewest;
}

function getWayTo(el) {
    if (el.id) {
        return `#${CSS.escape(el.id)}`;
    }
    const href = el.getAttribute("href");
    return href ? `a[href="${CSS.escape(href)}"]` : el.tagName.toLowerCase();
}

/** Return a line of text between an icon and buttons, as `o_hoithi_banner`. */
export function makeBanner({ kind = "", icon, title, more = "", acts = [] }) {
    const banner = document.createElement("div");
    banner.className = `o_hoithi_banner ${kind && `o_hoithi_banner_${kind}`}`;
    const sign = document.createElement("i");
    sign.className = `fa ${icon}`;
    sign.setAttribute("aria-hidden", "true");
    const body = document.createElement("div");
    const strong = document.createElement("strong");
    strong.textContent = title;
    body.append(strong, more);
    if (acts.length) {
        const row = document.createElement("div");
        row.append(...acts);
        body.append(row);
    }
    banner.append(sign, body);
    return banner;
}

export function makeButton(text, className, onClick) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = `btn ${className}`;
    button.textContent = text;
    button.addEventListener("click", onClick);
    return button;
}
