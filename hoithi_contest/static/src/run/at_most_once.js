import { browser } from "@web/core/browser/browser";

/**
 * Makes of a function one that runs once at a time and at most once in a while: news
 * may come in faster than answers, and after an outage all at once.
 *
 * @param {Function} load
 * @param {number} pause in milliseconds after each run
 */
export function atMostOnce(load, pause) {
    let running = null;
    let again = false;
    async function run() {
        do {
            again = false;
            await load();
            if (again) {
                await new Promise((resolve) => browser.setTimeout(resolve, pause));
            }
        } while (again);
    }
    return () => {
        again = true;
        running ||= run().finally(() => {
            running = null;
        });
        return running;
    };
}
