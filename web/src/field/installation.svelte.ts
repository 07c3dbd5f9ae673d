/** The page as it is kept on the phone: the worker, a new version of it, the promise not to clear what is stored. */

interface SyncRegistration extends ServiceWorkerRegistration {
  readonly sync?: { register: (tag: string) => Promise<void> };
}

interface InstallPrompt extends Event {
  prompt: () => Promise<unknown>;
}

class Installation {
  /** Everything that the page consists of is on the phone. */
  ready = $state(false);
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
    const registration = await navigator.serviceWorker.register("/field-worker.js", { scope: "/field", updateViaCache: "none" });
    this.#watch(registration);
    // A page that stays open for weeks hears of a new version too.
    addEventListener("online", () => void registration.update().catch(() => undefined));
    await navigator.serviceWorker.ready;
    this.ready = true;
  }

  #watch(registration: ServiceWorkerRegistration): void {
    const look = (): void => {
      if (registration.waiting !== null && registration.active !== null) this.newer = registration.waiting;
    };
    look();
    registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", look));
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
