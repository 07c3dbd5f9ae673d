import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { Live } from "../../src/state/live.ts";

class FakeEvents extends EventTarget {
  static CLOSED = 2;
  static opened: FakeEvents[] = [];
  readyState = 0;
  constructor(readonly url: string) {
    super();
    FakeEvents.opened.push(this);
  }
  close(): void {
    this.readyState = FakeEvents.CLOSED;
  }
  connect(): void {
    this.readyState = 1;
    this.dispatchEvent(new Event("open"));
  }
  refuse(): void {
    this.readyState = FakeEvents.CLOSED;
    this.dispatchEvent(new Event("error"));
  }
  say(data: object): void {
    this.dispatchEvent(new MessageEvent("revision", { data: JSON.stringify(data) }));
  }
}

const opened = (): string[] => FakeEvents.opened.map(({ url }) => url);
const newest = (): FakeEvents => FakeEvents.opened.at(-1) ?? expect.unreachable();
const listener = { changed: vi.fn(), connected: vi.fn(), narrowed: vi.fn() };

beforeEach(() => {
  FakeEvents.opened = [];
  vi.stubGlobal("EventSource", FakeEvents);
  vi.useFakeTimers();
  vi.clearAllMocks();
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test("it listens with the filters of the page", () => {
  new Live(listener, "?kind=ap_mine");
  expect(opened()).toEqual(["/events?kind=ap_mine"]);
});

test("filters that change quickly open one stream, and the old one is closed", () => {
  const live = new Live(listener, "");
  newest().connect();
  live.narrow("?kind=ap_mine");
  vi.advanceTimersByTime(100);
  live.narrow("?kind=ap_mine,uxo");
  vi.advanceTimersByTime(1000);
  expect(opened()).toEqual(["/events", "/events?kind=ap_mine,uxo"]);
  expect(FakeEvents.opened[0]?.readyState).toBe(FakeEvents.CLOSED);
  newest().connect();
  expect(listener.narrowed).toHaveBeenCalledOnce();
  expect(listener.connected).toHaveBeenLastCalledWith(true, false);
});

test("if the server does not support the filters, it listens without them from then on", () => {
  const live = new Live(listener, "?kind=ap_mine");
  newest().refuse();
  expect(opened()).toEqual(["/events?kind=ap_mine", "/events"]);
  newest().connect();
  live.narrow("?kind=uxo");
  vi.advanceTimersByTime(1000);
  expect(FakeEvents.opened).toHaveLength(2);
});

test("after a refusal without filters it retries, and reports that changes may have been missed", () => {
  new Live(listener, "");
  newest().refuse();
  expect(listener.connected).toHaveBeenLastCalledWith(false, false);
  vi.advanceTimersByTime(2000);
  expect(opened()).toEqual(["/events", "/events"]);
  newest().connect();
  expect(listener.connected).toHaveBeenLastCalledWith(true, true);
});

test("an event without tiles means all of them; nonsense means nothing", () => {
  new Live(listener, "");
  newest().say({ revision: 7, bounds: null, tiles: null });
  newest().say({ nonsense: true });
  expect(listener.changed.mock.calls).toEqual([[{ revision: 7, bounds: null, tiles: null }]]);
});

test("a refused filter falls back to all changes of the same collection", () => {
  new Live(listener, "?collection=accidents&region=AZ-KAL", "?collection=accidents");
  newest().refuse();
  expect(opened()).toEqual(["/events?collection=accidents&region=AZ-KAL", "/events?collection=accidents"]);
});
