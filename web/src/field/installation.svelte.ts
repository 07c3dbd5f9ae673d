/** The installed page: its worker, new versions, and the browser's promise not to clear the storage. */

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

/** The pause before fetching missing files again; files already fetched are kept. */
const AGAIN_MS = 10_000;

class Installation {
  /** How many of the page's files are on the phone, as counted by the worker; null if not counted yet. */
  progress = $state.raw<Progress | null>(null);
  /** The version in use. */
  #active = $state.raw<ServiceWorker | null>(null);
  /** All files of the page are on the phone. */
  readonly ready = $derived(this.#active !== null && this.progress !== null && this.progress.have === this.progress.of);
  /** A newer version is on the phone and ready to use. */
  newer = $state.raw<ServiceWorker | null>(null);
  persisted = $state(false);
  /** The browser offers to install the page as an app. */
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
      // The first version takes over a page that already matches it; a newer version needs a reload.
      if (used) location.reload();
      used = true;
    });
    navigator.serviceWorker.addEventListener("message", ({ data, source }: MessageEvent<{ installed?: Progress } | null>) => {
      // A newer version being fetched says nothing about the one in use.
      if (data?.installed !== undefined && (this.#active === null || source === this.#active)) this.progress = data.installed;
    });
    // A page that stays open for weeks also learns of new versions and of cleared files.
    addEventListener("online", () => void this.#install());
    document.addEventListener("visibilitychange", () => this.#active?.postMessage("check"));
    setInterval(() => {
      if (!this.ready) void this.#install();
    }, AGAIN_MS);
    await this.#install();
    await navigator.serviceWorker.ready;
    await this.#install();
  }

  /** Starts or resumes fetching the page, and counts the files present. */
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

  /** Asks the worker to send the queue when there is network, even with no page open. Not every browser supports this. */
  async sendLater(): Promise<void> {
    if (!this.ready) return;
    const registration: SyncRegistration = await navigator.serviceWorker.ready;
    await registration.sync?.register("clearline-send").catch(() => undefined);
  }
}

export const installation = new Installation();
