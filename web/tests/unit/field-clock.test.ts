import { afterEach, describe, expect, it } from "vitest";

import { clockDoubt, forget, heardSatellites, heardServer, likelyNow, remember, timed } from "../../src/field/clock.ts";
import { dayFault } from "../../src/field/day.ts";

afterEach(forget);

/** Local noon, so that the day is the same in every time zone. */
const NOON = new Date(2026, 10, 30, 12);
const HOUR = 3600 * 1000;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;
const LOST = 1024 * 7 * DAY;

const server = (offset: number, took = 1000): void => heardServer(new Date(NOON.getTime() + offset).toUTCString(), NOON.getTime() - took, NOON.getTime());
const satellites = (offset: number): void => heardSatellites(NOON.getTime() + offset, NOON.getTime());

describe("the clock", () => {
  it("is trusted without evidence to the contrary", () => {
    expect(clockDoubt(NOON)).toBeNull();
    for (const small of [0, 5 * 60 * 1000, 3 * HOUR, -3 * HOUR]) {
      server(small);
      expect(clockDoubt(NOON)).toBeNull();
    }
  });

  it("is doubted if the server's day differs", () => {
    server(YEAR);
    expect(clockDoubt(NOON)?.by).toBe("server");
    expect(likelyNow(NOON).getFullYear()).toBe(2027);
    server(13 * HOUR);
    expect(clockDoubt(NOON)?.now?.getDate()).toBe(1);
  });

  it("is not judged by a slow response, or one received while the clock was set", () => {
    server(YEAR, 11 * 60 * 1000);
    server(YEAR, -1000);
    heardServer("no date", NOON.getTime(), NOON.getTime());
    heardServer(null, NOON.getTime(), NOON.getTime());
    expect(clockDoubt(NOON)).toBeNull();
  });

  it("is doubted by the satellites, which rank below the server", () => {
    satellites(-2 * DAY);
    expect(clockDoubt(NOON)).toMatchObject({ by: "satellites" });
    server(0);
    expect(clockDoubt(NOON)).toBeNull();
    satellites(-2 * DAY);
    expect(clockDoubt(NOON)).toBeNull();
  });

  it("is trusted over a receiver with a week rollover, or without a time", () => {
    for (const lost of [-LOST, -2 * LOST, -LOST + HOUR, -NOON.getTime(), NaN]) satellites(lost);
    expect(clockDoubt(NOON)).toBeNull();
  });

  it("cannot be before the page's build, or before the server's last time", () => {
    const early = new Date(1970, 0, 2, 12);
    expect(clockDoubt(early)).toEqual({ by: null, now: null });
    remember(NOON.getTime() + 2 * DAY);
    expect(clockDoubt(NOON)).toEqual({ by: null, now: null });
  });

  it("is judged again once it was set", () => {
    server(YEAR);
    expect(clockDoubt(new Date(NOON.getTime() + YEAR))).toBeNull();
    expect(clockDoubt(new Date(NOON.getTime() + YEAR))).toBeNull();
  });

  it("is compared with each answer", () => {
    const answer = new Response(null, { headers: { Date: new Date(Date.now() + YEAR).toUTCString() } });
    expect(timed(Date.now(), answer)).toBe(answer);
    expect(clockDoubt()?.by).toBe("server");
  });
});

describe("the day of a find", () => {
  it("is between 1990 and today", () => {
    expect(dayFault("2026-11-30", null, NOON)).toBeNull();
    expect(dayFault("1990-01-01", null, NOON)).toBeNull();
    expect(dayFault("1989-12-31", null, NOON)).toBe("early");
    expect(dayFault("1970-01-02", null, NOON)).toBe("early");
    expect(dayFault("2026-12-01", null, NOON)).toBe("future");
    for (const none of ["", "2026", "30.11.2026"]) expect(dayFault(none, null, NOON)).toBe("missing");
  });

  it("may stay as it was recorded", () => {
    expect(dayFault("1988-05-01", "1988-05-01", NOON)).toBeNull();
    expect(dayFault("1988-05-01", "1988-05-02", NOON)).toBe("early");
  });

  it("is judged by the likely time", () => {
    server(-YEAR);
    expect(dayFault("2026-11-30", null, NOON)).toBe("future");
    forget();
    satellites(-2 * DAY);
    expect(dayFault("2026-11-30", null, NOON)).toBeNull();
    forget();
    expect(dayFault("2026-11-30", null, new Date(1970, 0, 2))).toBeNull();
  });
});
