import { beforeEach, expect, test } from "vitest";

import { Player, STAND_MS } from "../../src/state/player.ts";
import type { Stop } from "../../src/state/stops.ts";

const STOPS: readonly Stop[] = [
  { month: "2023-03", asOf: "2023-03-31" },
  { month: "2023-04", asOf: "2023-04-30" },
  { month: "2023-05", asOf: "2023-05-31" },
  { month: "2023-06", asOf: null },
];

/** A stage whose tiles and clock the test controls. */
class Scene {
  at = STOPS.length - 1;
  playing = false;
  shown: (string | null)[] = [];
  asked: (string | null)[] = [];
  #ready: ((answer: "ready" | "overtaken" | "failed") => void) | null = null;
  #stood: (() => void) | null = null;

  readonly player = new Player({
    next: () => STOPS[this.at + 1] ?? null,
    first: () => STOPS[0] ?? null,
    prepare: (stop) => {
      this.asked.push(stop.asOf);
      return new Promise((resolve, reject) => {
        this.#ready = (answer) => {
          if (answer === "failed") reject(new Error("no connection"));
          else resolve(answer === "overtaken" ? null : () => this.#show(stop));
        };
      });
    },
    stand: (ms) => {
      expect(ms).toBe(STAND_MS);
      return new Promise((resolve) => (this.#stood = resolve));
    },
    playing: (playing) => (this.playing = playing),
  });

  #show(stop: Stop): void {
    this.at = STOPS.indexOf(stop);
    this.shown.push(stop.asOf);
  }

  async tiles(answer: "ready" | "overtaken" | "failed" = "ready"): Promise<void> {
    this.#ready?.(answer);
    await settle();
  }

  async time(): Promise<void> {
    this.#stood?.();
    await settle();
  }
}

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
let scene: Scene;

beforeEach(() => {
  scene = new Scene();
});

test("from today it starts with the first month, as soon as that is ready", async () => {
  scene.player.toggle();
  expect(scene.playing).toBe(true);
  expect(scene.shown).toEqual([]);
  await scene.tiles();
  expect(scene.shown).toEqual(["2023-03-31"]);
});

test("the next month loads while the present one is shown", async () => {
  scene.player.toggle();
  await scene.tiles();
  expect(scene.asked).toEqual(["2023-03-31", "2023-04-30"]);
  expect(scene.shown).toEqual(["2023-03-31"]);
});

test("a month is shown once its tiles are loaded and the previous one was shown long enough", async () => {
  scene.player.toggle();
  await scene.tiles();
  await scene.tiles();
  expect(scene.shown).toEqual(["2023-03-31"]);
  await scene.time();
  expect(scene.shown).toEqual(["2023-03-31", "2023-04-30"]);
  await scene.time();
  expect(scene.shown).toEqual(["2023-03-31", "2023-04-30"]);
  await scene.tiles();
  expect(scene.shown).toEqual(["2023-03-31", "2023-04-30", "2023-05-31"]);
});

test("it plays from a month in the middle, ends with today, and stops", async () => {
  scene.at = 1;
  scene.player.toggle();
  await scene.tiles();
  await scene.tiles();
  await scene.time();
  expect(scene.shown).toEqual(["2023-05-31", null]);
  expect(scene.playing).toBe(false);
});

test("once paused, the month being prepared is not shown", async () => {
  scene.player.toggle();
  await scene.tiles();
  scene.player.toggle();
  expect(scene.playing).toBe(false);
  await scene.tiles();
  await scene.time();
  expect(scene.shown).toEqual(["2023-03-31"]);
});

test("after pausing and playing at once, one run continues, not two", async () => {
  scene.at = 0;
  scene.player.toggle();
  scene.player.toggle();
  scene.player.toggle();
  await scene.tiles();
  expect(scene.shown).toEqual(["2023-04-30"]);
  expect(scene.asked).toEqual(["2023-04-30", "2023-04-30", "2023-05-31"]);
});

test("if another request intervened, the same month is requested again after it", async () => {
  scene.at = 0;
  scene.player.toggle();
  await scene.tiles("overtaken");
  expect(scene.asked).toEqual(["2023-04-30"]);
  await scene.time();
  expect(scene.asked).toEqual(["2023-04-30", "2023-04-30"]);
  await scene.tiles();
  expect(scene.shown).toEqual(["2023-04-30"]);
});

test("a failed load ends playback", async () => {
  scene.player.toggle();
  await scene.tiles("failed");
  expect(scene.playing).toBe(false);
  expect(scene.shown).toEqual([]);
});

test("without a month there is nothing to play", () => {
  const still = new Player({
    next: () => null,
    first: () => null,
    prepare: () => Promise.reject(new Error("asked")),
    stand: () => Promise.resolve(),
    playing: () => expect.unreachable(),
  });
  still.toggle();
});
