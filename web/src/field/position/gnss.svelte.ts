/** The phone's position from its satellite receiver, while a screen needs it. */

import type { LonLat } from "../../shared/api/types.ts";
import { heardSatellites } from "../clock.ts";
import { radius95, systemOf } from "./accuracy.ts";

export interface GnssFix {
  at: LonLat;
  /** Radius in metres that contains the true position with 95 % probability; null if unknown. */
  accuracy_m: number | null;
  /** The time of arrival by the phone's clock: on some phones the receiver's own time is wrong. */
  heard_ms: number;
}

/** Accurate enough to use without a warning. */
export const GOOD_M = 10;

/** An older position may no longer be where the phone is. */
const STALE_MS = 30_000;

/** A stationary phone may report nothing new unasked, so it is polled at this interval. */
const ASK_MS = 10_000;

const OPTIONS: PositionOptions = { enableHighAccuracy: true, maximumAge: 1_000, timeout: 60_000 };

export type GnssState = "off" | "waiting" | "there" | "denied" | "unavailable";

class Gnss {
  fix = $state.raw<GnssFix | null>(null);
  state = $state<GnssState>("off");
  #now = $state(Date.now());
  /** Whether a current position is available. */
  readonly isFresh = $derived(this.fix !== null && this.#now - this.fix.heard_ms <= STALE_MS);
  #watch: number | null = null;
  #asking: ReturnType<typeof setInterval> | undefined;
  #clock: ReturnType<typeof setInterval> | undefined;
  #users = 0;

  /** Starts looking for the position and returns a function to stop. The last caller to stop turns the receiver off. */
  watch(): () => void {
    this.#users += 1;
    if (this.#watch === null) this.#begin();
    return () => {
      this.#users -= 1;
      if (this.#users === 0) this.#end();
    };
  }

  #begin(): void {
    if (!("geolocation" in navigator)) {
      this.state = "unavailable";
      return;
    }
    this.state = "waiting";
    this.#watch = navigator.geolocation.watchPosition(this.#heard, this.#failed, OPTIONS);
    this.#clock = setInterval(() => (this.#now = Date.now()), 1_000);
    this.#asking = setInterval(() => {
      if (this.fix !== null && Date.now() - this.fix.heard_ms >= ASK_MS) navigator.geolocation.getCurrentPosition(this.#heard, this.#failed, OPTIONS);
    }, ASK_MS);
  }

  readonly #heard = ({ coords, timestamp }: GeolocationPosition): void => {
    if (this.#watch === null) return;
    this.#now = Date.now();
    heardSatellites(timestamp);
    this.fix = { at: [coords.longitude, coords.latitude], accuracy_m: radius95(coords.accuracy, systemOf(navigator.userAgent)), heard_ms: Date.now() };
    this.state = "there";
  };

  readonly #failed = (error: GeolocationPositionError): void => {
    if (error.code === error.PERMISSION_DENIED) this.state = "denied";
    // Nothing received for a while: keep listening.
    else if (this.fix === null) this.state = error.code === error.POSITION_UNAVAILABLE ? "unavailable" : "waiting";
  };

  #end(): void {
    if (this.#watch !== null) navigator.geolocation.clearWatch(this.#watch);
    clearInterval(this.#asking);
    clearInterval(this.#clock);
    this.#watch = null;
    this.fix = null;
    this.state = "off";
  }
}

export const gnss = new Gnss();
