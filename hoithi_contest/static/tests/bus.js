import { expect } from "@odoo/hoot";
import { EventBus } from "@odoo/owl";
import { mockService } from "@web/../tests/web_test_helpers";

/**
 * A bus of the test's own: `send` calls what is subscribed to, `reconnect` tells that
 * the connection was down. Each of the addon's channels that is joined is a step; those
 * that are left are in `left`.
 */
export function mockBus() {
    const bus = new EventBus();
    const callbacks = new Map();
    const left = [];
    mockService("bus_service", () => ({
        addEventListener: bus.addEventListener.bind(bus),
        removeEventListener: bus.removeEventListener.bind(bus),
        addChannel: (channel) => channel.startsWith("hoithi") && expect.step(`join ${channel}`),
        deleteChannel: (channel) => left.push(channel),
        forceUpdateChannels: () => {},
        start: () => {},
        stop: () => {},
        send: () => {},
        isActive: true,
        subscribe: (type, callback) => callbacks.set(type, callback),
        unsubscribe: (type) => callbacks.delete(type),
    }));
    return {
        left,
        reconnect: () => bus.trigger("BUS:RECONNECT"),
        send: (type, payload) => callbacks.get(type)(payload),
    };
}
