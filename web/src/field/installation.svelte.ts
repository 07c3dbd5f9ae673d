/** The page as it is kept on the phone: the worker, a new version of it, the promise not to clear what is stored. */

interface SyncRegistration extends ServiceWorkerRegistration {
  readonly sync?: { register: (tag: string) => Promise<void> };
}

interface InstallPrompt extends Event {
  prompt: () => Promise<unknown>;
}

export interface Progress {
  have: number;
  of: number;
}

/** While something is missing, it is fetched again after this pause; what came of it is kept. */
const AGAIN_MS = 10_000;

class Installation {
  /** How much of what the page consists of is on the phone, as the worker has counted it; null: it has not. */
  progress = $state.raw<Progress | null>(null);
  /** The version in use. */
  #active = $state.raw<ServiceWorker | null>(null);
  /** Everything that the page consists of is on the phone. */
  readonly ready = $derived(this.#active !== null && this.progress !== null && this.progress.have === this.progress.of);
  /** A newer version is on the phone and waits to be used. */
  newer = $state.raw<ServiceWorker | null>(null);
  persisted = $state(false);
  /** The browser offers to put the page among the phone's programs. */
  prompt = $state.raw<InstallPrompt | null>(null);

  async start(): Promise<void> {
    addEventListener("beforeinstallprompt", (event) => {
      event.preventDefault();
      this.prompt = event as InstallPrompt;
    });
    this.persisted = (await navigator.storage.persisted().catch(() => false)) || (await navigator.storage.persist().catch(() => false));
    if (!("serviceWorker" in navigator) || import.meta.env.DEV) return;
    let used = navigator.serviceWorker.controller !== null;
    navigator.serviceWorker.addEventListener("controllerchange", () => {
      // The first version takes over a page that is already its own; a newer one wants the page anew.
      if (used) location.reload();
      used = true;
    });
    navigator.serviceWorker.addEventListener("message", ({ data, source }: MessageEvent<{ installed?: Progress } | null>) => {
      // A newer version that is being fetched says nothing of the one in use.
      if (data?.installed !== undefined && (this.#active === null || source === this.#active)) this.progress = data.installed;
    });
    // A page that stays open for weeks hears of a new version too, and of what was cleared meanwhile.
    addEventListener("online", () => void this.#install());
    document.addEventListener("visibilitychange", () => this.#active?.postMessage("check"));
    setInterval(() => {
      if (!this.ready) void this.#install();
    }, AGAIN_MS);
    await this.#install();
    await navigator.serviceWorker.ready;
    await this.#install();
  }

  /** Begins to fetch the page, or goes on with it, and has counted what is there. */
  async #install(): Promise<void> {
    let registration: ServiceWorkerRegistration;
    try {
      registration = await navigator.serviceWorker.register("/field-worker.js", { scope: "/field", updateViaCache: "none" });
    } catch {
      return;
    }
    this.#watch(registration);
    this.#active = registration.active;
    registration.active?.postMessage("check");
  }

  readonly #watched = new WeakSet<object>();

  #watch(registration: ServiceWorkerRegistration): void {
    const look = (): void => {
      if (registration.waiting !== null && registration.active !== null) this.newer = registration.waiting;
    };
    const follow = (): void => {
      const { installing } = registration;
      if (installing === null || this.#watched.has(installing)) return;
      this.#watched.add(installing);
      installing.addEventListener("statechange", look);
    };
    look();
    follow();
    if (this.#watched.has(registration)) return;
    this.#watched.add(registration);
    registration.addEventListener("updatefound", follow);
  }

  useNewer(): void {
    this.newer?.postMessage("use-now");
  }

  /** Asks that the worker sends the queue when there is network, also when no page is open. Not every browser can. */
  async sendLater(): Promise<void> {
    if (!this.ready) return;
    const registration: SyncRegistration = await navigator.serviceWorker.ready;
    await registration.sync?.register("clearline-send").catch(() => undefined);
  }
}

export const installation = new Installation();
