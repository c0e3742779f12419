import { onMounted, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { useBus, useService } from "@web/core/utils/hooks";
import { atMostOnce } from "../run/at_most_once";

/**
 * Loads what a client action shows of a session, and loads it anew whenever the server
 * tells that the session changed. The message tells nothing else: what there is to see
 * is asked with the reader's own rights.
 *
 * @param {Object} props of the client action
 * @param {string} method of `hoithi.session` that returns the data
 */
export function useSessionData(props, method) {
    const orm = useService("orm");
    const bus = useService("bus_service");
    const state = useState({ data: null, loaded: false });
    let sessionId = Number(
        props.action.context.active_id || props.action.params?.session_id || 0
    );

    let isMounted = false;
    let isLeft = false;
    let joined = 0;

    /** Hear of the session's changes, also of one that was planned meanwhile. */
    function join() {
        if (isMounted && sessionId && joined !== sessionId) {
            joined = sessionId;
            bus.addChannel(`hoithi.session_${sessionId}`);
            props.updateActionState?.({ active_id: sessionId });
        }
    }
    async function read() {
        // a message, or a vote, may ask for it as one goes to another screen
        if (isLeft) {
            return;
        }
        if (!sessionId) {
            sessionId = await orm.call("hoithi.session", "get_running", []);
        }
        state.data = sessionId
            ? await orm.call("hoithi.session", method, [[sessionId]])
            : null;
        state.loaded = true;
        join();
    }
    const load = atMostOnce(read, 300);
    function onChanged(payload) {
        if (payload.session_id === sessionId) {
            load();
        }
    }

    onWillStart(load);
    onMounted(() => {
        isMounted = true;
        join();
        bus.subscribe("hoithi.session/changed", onChanged);
    });
    onWillUnmount(() => {
        isLeft = true;
        bus.unsubscribe("hoithi.session/changed", onChanged);
        isMounted = false;
        if (joined) {
            bus.deleteChannel(`hoithi.session_${joined}`);
        }
    });
    // What was sent while the connection was down is gone.
    useBus(bus, "BUS:RECONNECT", load);
    return { state, load };
}
